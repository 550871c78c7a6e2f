"""The laboratory of notebook 6: small U-Nets that differ in one thing, trained several times and compared."""
