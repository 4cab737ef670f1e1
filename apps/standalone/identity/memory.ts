import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What the provider keeps, for as long as the sandbox runs. */
export class Memory implements Adapter {
  private static readonly kept = new Map<string, { payload: AdapterPayload; until: number }>();

  constructor(private readonly name: string) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    Memory.kept.set(`${this.name} ${id}`, { payload, until: Date.now() + expiresIn * 1_000 });
    if (payload.uid) Memory.kept.set(`${this.name} by uid ${payload.uid}`, { payload, until: Date.now() + expiresIn * 1_000 });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const found = Memory.kept.get(`${this.name} ${id}`);
    return found && found.until > Date.now() ? found.payload : undefined;
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.find(`by uid ${uid}`);
  }

  /** Of the device flow, which the sandbox has not. */
  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async destroy(id: string): Promise<void> {
    Memory.kept.delete(`${this.name} ${id}`);
  }

  async consume(id: string): Promise<void> {
    const found = await this.find(id);
    if (found) found.consumed = Math.floor(Date.now() / 1_000);
  }

  async revokeByGrantId(grant: string): Promise<void> {
    for (const [key, { payload }] of Memory.kept) if (payload.grantId === grant) Memory.kept.delete(key);
  }
}
