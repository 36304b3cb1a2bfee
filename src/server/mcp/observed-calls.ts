import type { AuditEntry, AuditLog } from './audit-log.ts';

/** A record that also tells of each call that it is given, and is there when no record is kept. */
export function observedCalls(audit: AuditLog | undefined, observe: (entry: AuditEntry) => void): AuditLog {
  return {
    record(entry) {
      observe(entry);
      audit?.record(entry);
    },
  };
}
