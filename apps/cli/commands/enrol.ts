import type { Command } from 'commander';
import { atHome, type Common, group, running, type Setting } from '../command';
import { begin, type BeginOptions, rotate, type RotateOptions } from '../enrol/begin';
import { finishEnrolment, type FinishOptions, pinGatewayKeys } from '../enrol/finish';

const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** `waybill enrol`: a partner joins, and changes its keys. Files travel; nothing is posted, and no secret leaves the home. */
export function enrolCommand(setting: Setting): Command {
  const { io } = setting;
  const enrol = group('enrol', 'Join a gateway, or change your keys.');
  enrol.addCommand(
    atHome('begin', 'Make your keys in a new home, and the paper for the co-ordinator. Prints what you read out by telephone.', 'waybill enrol begin --home waybill --agency st-brigid-primary --contact safeguarding-lead --gateway https://gateway.example')
      .requiredOption('--agency <id>', 'your agency, as the co-ordinator told you')
      .requiredOption('--contact <id>', 'a contact that gets keys; the first one sends', several)
      .requiredOption('--gateway <origin>')
      .option('--client-certificate <file>', 'a certificate that another authority issued (PEM), instead of asking for one')
      .option('--client-key <file>', 'its key (PEM); a copy is kept in the home')
      .option('--smime <contact=certificate,key>', 'an S/MIME certificate of a contact and its key (PEM); once for each', several)
      .option('--passphrase-file <file>', 'lock the secret keys with the passphrase in this file')
      .action((options: Common & BeginOptions) => running(setting, options, () => begin(io, options))),
  );
  enrol.addCommand(
    atHome('finish', 'Put into use what was approved and bound: the first time, or after a rotation. Ends by looking whether all of it holds.', "waybill enrol finish --certificate client.pem --ca ca.pem --approval approval.json --co-ordinator '1A2B …' --gateway-key KEY --gateway-key KEY")
      .option('--certificate <file>', 'the client certificate that was issued for you (PEM)')
      .option('--ca <file>', 'authority of the gateway’s own certificate (PEM)')
      .option('--approval <file>', 'the co-ordinator’s approval')
      .option('--co-ordinator <fingerprint>', 'the co-ordinator’s fingerprint, as it was read out to you')
      .option('--gateway-key <key>', 'a key of the gateway, as it was read out to you; once for each', several)
      .option('--pins <file>', 'pins that you were handed otherwise, instead of approval and keys')
      .option('--role <role>', 'in which you send, if a share does not say otherwise')
      .option('--agreement <id@version>', 'under which you send, if a share does not say otherwise')
      .action((options: Common & FinishOptions) => running(setting, options, () => finishEnrolment(io, options))),
  );
  enrol.addCommand(
    atHome('rotate', 'Make new keys beside the old ones, and the paper for the co-ordinator. The old ones stay in use until the new ones are bound.', 'waybill enrol rotate --client --contact safeguarding-lead')
      .option('--client', 'a new TLS key')
      .option('--contact <id>', 'new OpenPGP keys for this contact', several)
      .option('--client-certificate <file>', 'a certificate that another authority issued (PEM)')
      .option('--client-key <file>', 'its key (PEM)')
      .option('--smime <contact=certificate,key>', 'an S/MIME certificate of a contact and its key (PEM); once for each', several)
      .action((options: Common & RotateOptions) => running(setting, options, () => rotate(io, options))),
  );
  enrol.addCommand(
    atHome('pin', 'Pin a new key of the gateway, once the operator has read it out to you.', 'waybill enrol pin --gateway-key KEY')
      .requiredOption('--gateway-key <key>', 'as it was read out to you', several)
      .action((options: Common & { gatewayKey: string[] }) => running(setting, options, () => pinGatewayKeys(io, options))),
  );
  return enrol;
}
