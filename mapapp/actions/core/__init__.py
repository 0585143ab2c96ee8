"""What every act needs: the audit log, locking, quotas, paging, expiry."""
