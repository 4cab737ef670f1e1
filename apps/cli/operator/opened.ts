import { existsSync } from 'node:fs';
import { Directory } from '#directory/directory';
import { Registrar } from '#directory/registrar';
import { membershipMoved } from '#partnership/parties';
import { AgencyRow, ClientCertificateRow, CertificateRow, DIRECTORY_ROWS } from '#directory/rows';
import { type Certificate, readCertificate } from '#envelope/certificates';
import { DATABASE_SETTINGS, databaseInClear, databaseOf, readConfig, type Settings } from '#platform/config';
import { Database } from '#platform/database';
import { Register } from '#register/register';
import { type Io, UsageError } from '../io';

/** What the commands of the directory are told. They are no process: they write what somebody decided, and end. */
export const REGISTRAR_SETTINGS = {
  ...DATABASE_SETTINGS,
  WAYBILL_ORIGIN: { says: 'origin of the gateway, as partners write it', example: 'https://gateway.example', kind: 'origin' },
  WAYBILL_AGREEMENTS: { says: 'folder of agreement profiles', example: '/etc/waybill/agreements', kind: 'folder', optional: true },
} as const satisfies Settings;

export interface Opened {
  registrar: Registrar;
  directory: Directory;
  database: Database;
  gateway: string;
  agreements: string | undefined;
  /** The co-ordinators whose word counts today. */
  coordinators(): Promise<Certificate[]>;
  agency(id: string): Promise<AgencyRow>;
  certificates(agency: string): Promise<CertificateRow[]>;
  clients(agency: string): Promise<ClientCertificateRow[]>;
}

/** Opens the directory under the registrar's role, for one piece of work. @throws ConfigIncomplete, UsageError when nobody answers */
export async function withDirectory<T>(io: Io, work: (opened: Opened) => Promise<T>): Promise<T> {
  const config = readConfig('directory', REGISTRAR_SETTINGS, io.env, { together: [databaseInClear] });
  const database = await Database.open('registrar', databaseOf(config), DIRECTORY_ROWS).catch((error: unknown) => {
    throw new UsageError([`the database does not let us in as waybill_registrar (${String((error as { code?: unknown }).code ?? 'unknown')})`], 'waybill doctor --installation says what is wrong with it.');
  });
  try {
    const directory = new Directory(database);
    const registrar = new Registrar({ database, directory, register: new Register(), clock: { now: io.now }, gateway: config.WAYBILL_ORIGIN, moved: membershipMoved });
    const { manager } = database.source;
    const agreements = config.WAYBILL_AGREEMENTS;
    return await work({
      registrar, directory, database, gateway: config.WAYBILL_ORIGIN, agreements: agreements && existsSync(agreements) ? agreements : undefined,
      coordinators: async () => {
        const rows = (await database.transaction((tx) => directory.coordinators(tx))).filter((row) => row.until_at === null || row.until_at > io.now());
        const read = await Promise.all(rows.map((row) => readCertificate(new Uint8Array(row.octets))));
        return read.flatMap((reading) => (reading.ok ? [reading.certificate] : []));
      },
      agency: async (id) => {
        const row = await manager.findOneBy(AgencyRow, { id });
        if (!row) throw new UsageError([`${id} is not in the directory`], 'Enter it first: waybill directory enter party.yaml');
        return row;
      },
      certificates: (agency) => manager.findBy(CertificateRow, { agency }),
      clients: (agency) => manager.findBy(ClientCertificateRow, { agency }),
    });
  } finally {
    await database.close();
  }
}
