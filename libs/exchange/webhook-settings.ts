import type { Settings } from '#platform/config';
import { keyFaults } from './secret-key';

export const WEBHOOK_SETTINGS = {
  WAYBILL_WEBHOOK_KEY_FILE: {
    says: 'key from which the secrets of webhooks are worked out, the same for gateway and courier: 32 octets, as 64 hexadecimal digits. Absent: nothing is pushed', example: '/run/secrets/webhook.key', kind: 'file', holds: 'password', optional: true,
    faultsOf: keyFaults,
  },
} as const satisfies Settings;
