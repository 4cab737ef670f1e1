import { DATABASE_SETTINGS, databaseInClear, type ProcessSettings, type Settings } from '#platform/config';

/** What the operator's commands (`directory`, `queue`, `doctor --installation`) are told, each what it asks for. They are no process: they do one thing, and end. */
export const OPERATOR_SETTINGS = {
  ...DATABASE_SETTINGS,
  WAYBILL_ORIGIN: { says: 'origin of the gateway, as partners write it: for `directory`', example: 'https://gateway.example', kind: 'origin', optional: true },
  WAYBILL_AGREEMENTS: { says: 'folder of agreement profiles: for `directory` and `doctor`', example: '/etc/waybill/agreements', kind: 'folder', optional: true },
  WAYBILL_ROLE_PASSWORDS: { says: 'folder with a file for each role (`waybill_gateway`, …) that holds its password: for `doctor`', example: '/etc/waybill/secrets', kind: 'folder', optional: true },
} as const satisfies Settings;

export const OPERATOR = { name: 'operator', says: 'commands that an operator runs: directory, queue, doctor of an installation', settings: OPERATOR_SETTINGS, together: [databaseInClear] } as const satisfies ProcessSettings;
