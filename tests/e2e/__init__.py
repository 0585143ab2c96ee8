"""Tests in a real browser. A package, because the browser lives as long as one (see conftest)."""
