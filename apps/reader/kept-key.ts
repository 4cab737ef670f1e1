// The team's key as it lies in this browser: locked, as the file is. Its passphrase is nowhere.

const [DATABASE, STORE, NAME] = ['waybill-reader', 'keys', 'own'];

const opened = (): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error('no storage'));
  });

async function store<T>(mode: IDBTransactionMode, work: (keys: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  return new Promise((resolve, reject) => {
    const asked = work(database.transaction(STORE, mode).objectStore(STORE));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error('no storage'));
  });
}

export const keptKey = async (): Promise<Uint8Array | undefined> => ((await store('readonly', (keys) => keys.get(NAME)).catch(() => undefined)) as Uint8Array | undefined) ?? undefined;
export const keepKey = (locked: Uint8Array): Promise<unknown> => store('readwrite', (keys) => keys.put(locked, NAME));
export const forgetKey = (): Promise<unknown> => store('readwrite', (keys) => keys.delete(NAME));
