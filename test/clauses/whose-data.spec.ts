import { Example, type Otherwise } from '../world/example';

// Whose data a copy becomes that comes to a desk which an agreement gives one controller, whatever agency staffs it.

interface Row {
  agreement: string;
  /** Who staffs the desk, and whose data they become. */
  staffs: string;
  becomes: string;
  otherwise?: (agency: string) => Otherwise;
  changes?: Record<string, unknown>;
}

test.each<[string, Row]>([
  ['NWADCS RC-04: what comes to the store of providers', { agreement: 'nwadcs', staffs: 'moss-lane-primary', becomes: 'stockport-council', otherwise: (agency) => (agency === 'moss-lane-primary' ? { desk: 'provider-store' } : {}) }],
  ['WOR RC-04: what comes to the partnership\'s own team', {
    agreement: 'worcestershire', staffs: 'worcestershire-partnership', becomes: 'worcestershire-county-council',
    changes: { '/manifest/purpose': 'dispute-resolution', '/manifest/review': { commissionedBy: 'safeguarding-partnership', reference: 'REV-12' }, '/lines/2/recipient': { agency: 'worcestershire-partnership', contact: 'partnership-team' }, '/lines/2/needToKnow': 'reviews-case' },
  }],
])('%s stands in the register of the authority that holds it, though another agency staffs the desk, and in no register of that agency', async (_title, { agreement, staffs, becomes, otherwise, changes }) => {
  const example = await Example.open(agreement, {}, otherwise);
  try {
    const { share, receipt } = await example.send(changes);
    expect(receipt.transfers.map(({ recipient }) => recipient.agency)).toContain(staffs);
    const { rows } = await example.world.db.owner.query<{ controller: string; octets: Buffer }>(`select controller, octets from waybill.entry where kind = 'share-announced'`);
    const announced = rows.map(({ controller, octets }) => ({ controller, entry: JSON.parse(octets.toString()) as { share: string } })).filter(({ entry }) => entry.share === share.id).map(({ controller }) => controller);
    expect(announced).toContain(becomes);
    expect(announced).not.toContain(staffs);
    expect(announced).toHaveLength(receipt.transfers.length);
  } finally {
    await example.close();
  }
});
