"""People, their addresses and their second factors."""

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group

from accounts.models import User

PASSWORD = "three random words"


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody of the public sector with a confirmed address and no number."""

    class Meta:
        model = User
        django_get_or_create = ("email",)

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@department.gov.uk")


class GroupFactory(factory.django.DjangoModelFactory):
    """A group of the platform's staff that may do nothing yet."""

    class Meta:
        model = Group

    name = factory.Sequence(lambda n: f"Group {n}")


class EmailAddressFactory(factory.django.DjangoModelFactory):
    """The sign-in library's row beside a person's address."""

    class Meta:
        model = EmailAddress
        django_get_or_create = ("user", "email")

    user = factory.SubFactory(UserFactory)
    email = factory.SelfAttribute("user.email")
    verified = True
    primary = True


class SignInUserFactory(UserFactory):
    """Somebody who can sign in with PASSWORD; codes go by email unless said otherwise."""

    class Meta:
        skip_postgeneration_save = True

    sign_in_method = User.SignInMethod.EMAIL

    @factory.post_generation
    def _account(self: User, create: bool, extracted: object, **kwargs: object) -> None:
        self.set_password(PASSWORD)
        self.save()
        EmailAddressFactory(user=self)


class TextUserFactory(SignInUserFactory):
    """Somebody whose codes go by text."""

    sign_in_method = User.SignInMethod.SMS
    mobile_number = factory.Sequence(lambda n: f"+4477009{n:05}")
    mobile_verified = True


class AuthenticatorFactory(factory.django.DjangoModelFactory):
    """A second factor; an authenticator app unless said otherwise."""

    class Meta:
        model = Authenticator

    user = factory.SubFactory(UserFactory)
    type = Authenticator.Type.TOTP
    data = factory.LazyFunction(dict)


class UserSessionFactory(factory.django.DjangoModelFactory):
    """A browser somebody is signed in with."""

    class Meta:
        model = UserSession

    user = factory.SubFactory(UserFactory)
    ip = "127.0.0.1"
    session_key = factory.Faker("uuid4")
