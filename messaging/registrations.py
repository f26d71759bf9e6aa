"""What messaging adds to slots of the apps to its left."""
