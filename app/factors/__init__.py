"""What somebody shows besides their password: a code of their authenticator, a passkey, a recovery code."""
