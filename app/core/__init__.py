"""The floor everything stands on: time, errors, column types, files and the model base. No Flask here."""
