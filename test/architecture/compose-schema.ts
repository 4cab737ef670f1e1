/** What we rely on of deploy/compose.yaml, as a JSON schema: not all that compose allows, only what makes it safe. */
const TMPFS = '^/[\\w/.-]+:.*\\bmode=0700\\b.*\\bsize=\\d+[mg]$';

const service = {
  type: 'object',
  required: ['image', 'user', 'read_only', 'cap_drop', 'security_opt', 'networks', 'healthcheck', 'stop_grace_period', 'pids_limit', 'mem_limit', 'logging', 'restart'],
  properties: {
    // A version of at least two numbers; a digest may follow.
    image: { type: 'string', pattern: '^[a-z]+:\\d+\\.\\d+[\\w.-]*(@sha256:[0-9a-f]{64})?$' },
    user: { type: 'string', pattern: '^[1-9]\\d*:[1-9]\\d*$' },
    read_only: { const: true },
    cap_drop: { const: ['ALL'] },
    cap_add: false,
    privileged: false,
    devices: false,
    network_mode: false,
    pid: false,
    ipc: false,
    security_opt: { const: ['no-new-privileges:true'] },
    networks: { type: 'array', items: { enum: ['partners', 'staff', 'egress', 'inside'] }, minItems: 1 },
    tmpfs: { type: 'array', items: { type: 'string', pattern: TMPFS } },
    // Named volumes only: nothing of the host is given away.
    volumes: { type: 'array', items: { type: 'string', pattern: '^[a-z]+:/' } },
    healthcheck: { type: 'object', anyOf: [{ required: ['disable'] }, { required: ['test', 'interval', 'timeout', 'retries', 'start_period'], properties: { test: { type: 'array', prefixItems: [{ const: 'CMD' }], minItems: 2 } } }] },
    depends_on: { type: 'object', additionalProperties: { type: 'object', required: ['condition'], properties: { condition: { enum: ['service_healthy', 'service_completed_successfully'] } } } },
    logging: { type: 'object', required: ['options'], properties: { options: { type: 'object', required: ['max-size', 'max-file'] } } },
  },
} as const;

const files = { type: 'object', additionalProperties: { type: 'object', required: ['file'], properties: { file: { type: 'string' } }, additionalProperties: false } } as const;

export const composeSchema = {
  type: 'object',
  required: ['name', 'services', 'networks', 'volumes', 'configs', 'secrets'],
  properties: { services: { type: 'object', additionalProperties: service }, configs: files, secrets: files },
};
