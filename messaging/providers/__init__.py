"""The ways out of the building: one module for each provider, all behind `base.Provider`."""
