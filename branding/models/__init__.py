from .email_brand import EmailBrand
from .letter_brand import LetterBrand

__all__ = ["EmailBrand", "LetterBrand"]
