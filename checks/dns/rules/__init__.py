"""Rules of the areas dns, align, mail-from and ses."""
