"""Addresses of the branding pages, below /services/<id>."""

from django.urls import path

from services.views import branding

urlpatterns = [
    path("email", branding.BrandChoose.as_view(kind="email"), name="email-branding"),
    path("email/confirm", branding.BrandConfirm.as_view(kind="email"), name="email-branding-confirm"),
    path("email/logo", branding.EmailLogoKind.as_view(), name="email-branding-logo"),
    path("email/upload", branding.EmailLogoUpload.as_view(), name="email-branding-upload"),
    path("email/preview", branding.EmailBrandPreview.as_view(), name="email-branding-preview"),
    path("email/draft.png", branding.EmailDraftLogo.as_view(), name="email-branding-draft"),
    path("email/ask", branding.BrandAsk.as_view(kind="email"), name="email-branding-ask"),
    path("letter", branding.BrandChoose.as_view(kind="letter"), name="letter-branding"),
    path("letter/confirm", branding.BrandConfirm.as_view(kind="letter"), name="letter-branding-confirm"),
    path("letter/upload", branding.LetterLogoUpload.as_view(), name="letter-branding-upload"),
    path("letter/ask", branding.BrandAsk.as_view(kind="letter"), name="letter-branding-ask"),
]
