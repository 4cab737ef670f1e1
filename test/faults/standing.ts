import { openTestDatabase, type TestDatabase } from '../world/database';
import { type House, openHouse } from './house';

/** A house that stands for all the tests of a file, on a database of its own. */
export function standing(): { readonly house: House } {
  let db: TestDatabase;
  let house: House;
  beforeAll(async () => {
    db = await openTestDatabase();
    house = await openHouse({ database: db.address });
    await house.up();
  });
  afterAll(async () => {
    await house?.stop();
    await db?.close();
  });
  return { get house() { return house; } };
}
