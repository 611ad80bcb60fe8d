"""Safety of stands: the form (*fiche de sécurité*) that the *chargé de sécurité* reads."""
