"""Outbox, delivery, notices, and receipts of consents."""
