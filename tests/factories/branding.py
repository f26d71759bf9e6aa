import factory

from branding.models import EmailBrand, LetterBrand


class EmailBrandFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EmailBrand

    name = factory.Sequence(lambda n: f"Brand {n}")
    text = factory.SelfAttribute("name")
    colour = "#1d70b8"


class LetterBrandFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LetterBrand

    name = factory.Sequence(lambda n: f"Letter brand {n}")
    logo = factory.django.FileField(
        filename="logo.svg",
        data=b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10"/></svg>',
    )
