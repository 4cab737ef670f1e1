import type { Settings } from '#platform/config';

/** Octets of the key, in hexadecimal on one line. */
const KEY = /^[0-9a-f]{64}$/;

export const WEBHOOK_SETTINGS = {
  WAYBILL_WEBHOOK_KEY_FILE: {
    says: 'key from which the secrets of webhooks are worked out, the same for gateway and courier: 32 octets, as 64 hexadecimal digits. Absent: nothing is pushed', example: '/run/secrets/webhook.key', kind: 'file', holds: 'password', optional: true,
    faultsOf: (text) => (KEY.test(text.trim()) ? [] : [{ says: 'it holds no key of 32 octets', fix: 'Make one: openssl rand -hex 32' }]),
  },
} as const satisfies Settings;

export const webhookKeyOf = (text: string): Buffer => Buffer.from(text.trim(), 'hex');
