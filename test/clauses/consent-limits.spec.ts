import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAST } from '../../apps/standalone/cast';
import { writeHome } from '../../apps/standalone/home';
import type { AgencyPlan } from '../../apps/standalone/partnership';
import { atDesk } from '../world/desk';
import type { SharePlan } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';

// LB-11: whoever gets what a person agreed to within limits takes them on before opening it.

const DAYS = { on: '2025-11-03', expires: '2099-12-31', evidence: 'written', by: 'parent' };
const signed = { signed: { role: 'signatory', on: '2024-03-20', delegated: true } };
const llr = (agency: string, type: string, entry: string, contact: string): AgencyPlan => ({
  agency, name: agency, controller: { id: agency, name: agency }, type, entry, onFile: signed,
  contacts: [
    { contact, kind: 'team', label: contact, keys: true },
    { contact: 'governance', kind: 'team', label: 'Governance', posts: ['breach-post', 'responsible-person', 'signatory'], telephone: '+441164960100', keys: false },
  ],
});

interface Row {
  agreement: string;
  cast: readonly AgencyPlan[];
  sender: string;
  to: string;
  purpose: string;
  share: (limits: object) => SharePlan;
}

const ROWS: Record<string, Row> = {
  WIR: {
    agreement: 'wirral', cast: CAST, sender: 'st-brigid-primary', to: 'kingfisher-families/casework', purpose: 'partner-collaboration',
    share: (limits) => ({
      parts: [{ category: 'contacts-with-service', text: 'came to school without a coat', to: { 'kingfisher-families/casework': 'works-with-person' } }],
      manifest: { purpose: 'partner-collaboration', consent: { status: 'obtained', ...DAYS, ...limits } },
    }),
  },
  LLR: {
    agreement: 'llr', cast: [llr('leicestershire-police', 'police', 'police', 'public-protection'), llr('leicester-city-council', 'local-authority', 'leicester-city-council', 'safeguarding-team')],
    sender: 'leicestershire-police', to: 'leicester-city-council/safeguarding-team', purpose: 'protect-child',
    share: (limits) => ({
      parts: [{ category: 'contacts-with-service', text: 'came to school without a coat', to: { 'leicester-city-council/safeguarding-team': 'protects-from-harm' }, says: { justification: 'shows-risk', source: 'own-record' } }],
      manifest: { purpose: 'protect-child', legalGateway: 'police-act-1996', consent: { status: 'obtained', ...DAYS, ...limits } },
      decision: { method: 'professional-judgement', checklist: ['necessary-relevant-proportionate', 'consent-limits', 'fact-from-opinion', 'accurate-and-current', 'need-to-know', 'secure-way', 'onward-intent', 'inform-subject', 'decision-recorded'] },
    }),
  },
};

test.each(Object.entries(ROWS))('%s LB-11: what a person agreed to within limits is opened once they are taken on, and not before', async (_tag, { agreement, cast, sender, to, purpose, share }) => {
  const world = await openWorld({ agreement, cast });
  const folder = mkdtempSync(join(tmpdir(), 'waybill-limits-'));
  try {
    const [agency = '', contact = ''] = to.split('/');
    const recipient = world.partner(agency);
    await writeHome(join(folder, 'home'), recipient.own, { origin: world.system.origin, agreement: world.agreement, keys: world.system.keys, coordinator: world.coordinator });
    const waybill = (...args: string[]) => atDesk(args, { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'home') }, now: () => world.clock.now() });
    const arrived = async (limits: object): Promise<string> => {
      const composed = await world.partner(sender).compose(share(limits), () => recipient.keys(contact).certificate);
      const answer = await world.partner(sender).submit(composed);
      expect([answer.status, answer.json.reasons]).toEqual([202, undefined]);
      return eventually(async () => ((await waybill('mailbox', '--json')).json.items as { share: string; transfer: string }[]).find((item) => item.share === composed.id)?.transfer);
    };

    const limited = await arrived({ limited: true, purposes: [purpose] });
    const refused = await waybill('open', limited, '--into', 'limited');
    expect([refused.exit, refused.err]).toEqual([2, expect.stringMatching(new RegExp(`agreed within limits[^]*${purpose}`))]);
    expect(existsSync(join(folder, 'limited'))).toBe(false);
    // Nothing was asked for: its sender could still take it back.
    expect(((await waybill('mailbox', '--json')).json.items as { transfer: string; state?: string }[]).map(({ transfer }) => transfer)).toContain(limited);
    expect((await world.db.owner.query('select state from waybill.transfer where id = $1', [limited])).rows).toEqual([{ state: 'available' }]);
    expect(await waybill('open', limited, '--into', 'limited', '--limits-acknowledged')).toMatchObject({ exit: 0, err: '' });

    expect(await waybill('open', await arrived({ limited: false }), '--into', 'unlimited')).toMatchObject({ exit: 0, err: '' });
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
