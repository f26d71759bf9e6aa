import factory
from allauth.account.models import EmailAddress

from accounts.models import User

PASSWORD = "three random words"


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody of the public sector with a confirmed address and no number."""

    class Meta:
        model = User
        django_get_or_create = ("email",)

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@department.gov.uk")


class SignInUserFactory(UserFactory):
    """Somebody who can sign in with PASSWORD; codes go by email unless said otherwise."""

    class Meta:
        skip_postgeneration_save = True

    sign_in_method = User.SignInMethod.EMAIL

    @factory.post_generation
    def _account(self: User, create: bool, extracted: object, **kwargs: object) -> None:
        self.set_password(PASSWORD)
        self.save()
        EmailAddress.objects.get_or_create(user=self, email=self.email, defaults={"verified": True, "primary": True})


class TextUserFactory(SignInUserFactory):
    """Somebody whose codes go by text."""

    sign_in_method = User.SignInMethod.SMS
    mobile_number = factory.Sequence(lambda n: f"+4477009{n:05}")
    mobile_verified = True
