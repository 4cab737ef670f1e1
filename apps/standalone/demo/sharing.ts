import { GatewayProblem, ClientRefusal } from '#client/codes';
import { listMailbox, open } from '#client/mailbox';
import { plan, send, type Sent } from '#client/sharing';
import { acknowledge, status, tellOpened } from '#client/statements';
import type { Partner as Client } from '#client/partner';
import type { MailboxItem } from '#protocol/answers';
import { FRONT_DOOR, note, referral, show, soon, type Stage } from './stage';

/** Of a share that was sent, what lies in a mailbox. */
export const arrived = (client: Client, share: string): Promise<MailboxItem> =>
  soon(async () => {
    for await (const item of listMailbox(client)) if (item.share === share) return item;
    return undefined;
  }, 'the delivery to a mailbox');

/** (a) A primary school shares three parts about a child with the front door and a voluntary organisation. */
export async function sharing(stage: Stage): Promise<Sent> {
  const { school, say } = stage;
  const description = referral(stage, { casework: { 'part-1': 'works-with-person', 'part-2': 'works-with-person', 'part-3': undefined } });
  const { draft, answer } = await plan(school, description, { seal: 'proposed' });
  for (const { line, permitted, reasons } of answer.lines) {
    const proposed = draft.lines[line];
    if (!proposed?.part) continue;
    const category = description.parts[Number(proposed.part.slice(5)) - 1]?.category;
    say(`  ${permitted ? 'goes  ' : 'STAYS '} ${proposed.part} (${category}) → ${proposed.recipient.agency}/${proposed.recipient.contact}`);
    for (const reason of reasons) say(`         ${reason.code} [${reason.clauses.join(', ')}]: ${reason.says}. ${reason.next}`);
  }
  const sent = await send(school, description, { seal: 'proposed' });
  show(sent.receipt.transfers.length === 2, 'two recipients get something');
  show(sent.receipt.struckOff.some((struck) => struck.parts.includes('part-3') && struck.recipient.agency === 'kingfisher-families'), 'the health part is struck off for the voluntary organisation');
  say(`  Sealed on the school's side, signed, sent over mutual TLS and accepted. The receipt holds the gateway's signed promise that the`);
  say(`  record will stand in the school's register (entry ${sent.receipt.register.entry}).`);
  return sent;
}

/** (b) Who can open what, and why not. */
export async function opening(stage: Stage, sent: Sent): Promise<void> {
  const { school, charity, council, say } = stage;
  const item = await arrived(charity, sent.share);
  const { parts } = await open(charity, item.transfer);
  show(parts.map((part) => part.name).join() === 'part-1,part-2', 'the voluntary organisation opens two parts');
  say(`  Kingfisher Family Support opens ${parts.map((part) => `${part.name} (${part.category})`).join(' and ')}.`);
  const refused = await charity.connection.octets({ path: `/v1/mailbox/${item.transfer}/parts/part-3` }).then(() => undefined, (error: unknown) => error);
  show(refused instanceof GatewayProblem && refused.status === 404, 'there is no copy of the health part for the voluntary organisation');
  say('  There is no copy of part-3 for it: the gateway cut its wrapped key away, because no need-to-know was given. Not because it is voluntary:');
  await acknowledge(charity, (await open(charity, item.transfer)).copy);
  const again = await send(school, referral(stage, { casework: { 'part-1': 'works-with-person', 'part-3': 'works-with-person' } }));
  show(again.receipt.struckOff.length === 0, 'with a need-to-know nothing is struck off');
  const second = await open(charity, (await arrived(charity, again.share)).transfer);
  show(second.parts.some((part) => part.category === 'health'), 'the voluntary organisation opens the health part');
  say('  the same school gives a need-to-know for the health part, shares again, and Kingfisher opens it.');
  await acknowledge(charity, second.copy);
  const third = await open(council, (await arrived(council, again.share)).transfer);
  await acknowledge(council, third.copy);
}

/** (c) An emergency overtakes ten routine items. */
export async function overtaking(stage: Stage): Promise<void> {
  const { school, council, say } = stage;
  const routine: string[] = [];
  for (let i = 1; i <= 10; i++) routine.push((await send(school, note(stage, 'routine', `Attendance note ${i}.`))).share);
  for (const share of routine) await arrived(council, share);
  const emergency = await send(school, note(stage, 'emergency', 'Was not collected today; a stranger waited at the gate.'));
  const told = emergency.receipt.emergency;
  show(told?.ring === '999' && told.frontDoors.length > 0, 'an emergency says whom to ring');
  say(`  To the sender: "${told?.says}"  999, and ${told?.frontDoors.map((door) => `${door.agency}/${door.contact} ${door.telephone}`).join(', ')}`);
  await arrived(council, emergency.share);
  const order: MailboxItem[] = [];
  for await (const item of listMailbox(council, { contact: FRONT_DOOR.contact })) order.push(item);
  show(order[0]?.share === emergency.share, 'the emergency stands first in the mailbox');
  const overtaken = order.filter((item) => routine.includes(item.share)).length;
  show(overtaken === 10, 'ten routine items stand behind it');
  say(`  Sent last, listed first: the emergency stands before ${order.length - 1} others in the front door's mailbox, ${overtaken} of them sent just before it.`);
  for (const share of [emergency.share, ...routine]) {
    const opened = await open(council, (await arrived(council, share)).transfer);
    await acknowledge(council, opened.copy);
  }
}

/** (d) The front door collects, opens, verifies, acknowledges; the school sees it. */
export async function acknowledging(stage: Stage, sent: Sent): Promise<void> {
  const { school, council, say } = stage;
  const opened = await open(council, (await arrived(council, sent.share)).transfer);
  show(opened.parts.length === 3 && opened.parts.every((part) => part.author === 'bound'), 'three parts open, each bound to its author');
  say(`  Collected and opened ${opened.parts.length} parts. Verified: the school's signature, by a key that the co-ordinator vouches for; the gateway's`);
  say('  provenance; that each part is the one that its line names, and written by the school for this share.');
  await tellOpened(council, opened);
  await acknowledge(council, opened.copy);
  const told = await status(school, sent.share);
  show(told.transfers.every((transfer) => transfer.state === 'acknowledged') && !told.open, 'the school sees every transfer acknowledged');
  const front = told.transfers.find((transfer) => transfer.recipient.agency === FRONT_DOOR.agency);
  say(`  The school sees both acknowledgements, each signed by its recipient. It reached the front door's mailbox after ${front?.reachedMailboxAfterMs} ms.`);
}

/** (g) A copy that somebody with the database's own password has changed is refused by whoever collects it. */
export async function tampering(stage: Stage): Promise<void> {
  const { sandbox, school, council, say } = stage;
  const sent = await send(school, note(stage, 'routine', 'The copy of this is changed on its way.'));
  const { transfer } = await arrived(council, sent.share);
  const flip = () => sandbox.asOwner((client) => client.query('update waybill.chunk set octets = set_byte(octets, length(octets) / 2, 255 - get_byte(octets, length(octets) / 2)) where share = $1', [sent.share]));
  await flip();
  const refused = await open(council, transfer).then(() => undefined, (error: unknown) => error);
  show(refused instanceof ClientRefusal && refused.code === 'COPY_NOT_WHOLE', 'a changed copy is refused');
  say('  One octet of the sealed part was changed in the database. The front door refuses the copy (COPY_NOT_WHOLE) and nothing of it is shown.');
  await flip();
  await acknowledge(council, (await open(council, transfer)).copy);
  say('  Changed back, it opens: nothing else was wrong with it.');
}
