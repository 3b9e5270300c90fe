import type { ExitCode } from './exit.ts';

/** Who can end the fault: the person at the keyboard, the machine around us, or the other end of a wire. */
export type FaultParty = 'user' | 'environment' | 'peer';

export interface FaultEntry {
  readonly who: FaultParty;
  /** The exit code a command ends with when nothing graver happened. */
  readonly exit: ExitCode;
  /** What the fault means, for the page. */
  readonly means: string;
  /** What to do next, printed under the message. */
  readonly hint: string;
}

/**
 * Every way deploycheck can fail to look. `docs/faults.md` is generated from this table, and a test
 * asserts that each code is reached.
 */
export const faultCodes = {
  'config-missing': {
    who: 'user',
    exit: 2,
    means: 'No deploycheck.yaml was found where one is needed.',
    hint: 'Run `deploycheck init` to write one, or name it with --config FILE.',
  },
  'config-invalid': {
    who: 'user',
    exit: 2,
    means: 'deploycheck.yaml could be read but does not say what version 1 of the format allows.',
    hint: 'Mend the lines named; `deploycheck config schema` prints the format for your editor.',
  },
  'setting-missing': {
    who: 'user',
    exit: 2,
    means: 'An environment variable or file that the configuration refers to is not there.',
    hint: 'Provide it where deploycheck runs; addresses and credentials stay out of deploycheck.yaml on purpose.',
  },
  'usage-invalid': {
    who: 'user',
    exit: 2,
    means: 'The arguments or flags do not fit the command.',
    hint: 'Run the command with --help to see its arguments and examples.',
  },
  'input-missing': {
    who: 'user',
    exit: 2,
    means: 'A named file or folder does not exist.',
    hint: 'Check the path; paths in deploycheck.yaml are relative to that file.',
  },
  'input-empty': {
    who: 'user',
    exit: 2,
    means: 'The input holds nothing to examine, and an empty set never passes.',
    hint: 'Name files or a folder that holds at least one object.',
  },
  'input-too-large': {
    who: 'user',
    exit: 2,
    means: 'The input exceeds a bound that protects this machine from hostile files.',
    hint: 'Split the input, or leave the file out if it is not part of the release.',
  },
  'input-changed': {
    who: 'environment',
    exit: 5,
    means: 'A file was changed by somebody else while it was examined, and was left as it is.',
    hint: 'Run the command again once nobody writes to the files.',
  },
  'image-unreadable': {
    who: 'user',
    exit: 2,
    means:
      'What the reference names holds no image, or none for the platform: neither an OCI layout nor an archive of `docker save`.',
    hint: 'Name a layout or an archive by its path, an image as docker:NAME or registry:HOST/NAME:TAG, its platform with --platform.',
  },
  'image-damaged': {
    who: 'user',
    exit: 3,
    means: 'The image is truncated, altered or not decodable, so its content cannot be examined.',
    hint: 'Export the image again; the finding of image/integrity names the damaged blob.',
  },
  'image-incomplete': {
    who: 'user',
    exit: 3,
    means:
      'Layers of the image are not handed on with it (foreign, or non-distributable), so that what they hold was not inspected.',
    hint: 'Export the image with its foreign layers, or judge them where they come from.',
  },
  'image-tests-invalid': {
    who: 'user',
    exit: 2,
    means:
      'A file of structure tests is not of the format that container-structure-test reads (schema 2.0.0).',
    hint: 'Mend the line named; a key that is not known is refused, since its test would silently not be run.',
  },
  'image-source-unsupported': {
    who: 'environment',
    exit: 5,
    means: 'The reference asks for a source of images that is not read.',
    hint: 'Name the image as docker:NAME, registry:HOST/NAME:TAG, or by the path of a layout or an archive.',
  },
  'evidence-unreadable': {
    who: 'user',
    exit: 2,
    means: 'A file given as evidence about an image is of no format that is read.',
    hint: 'Give JSON of Trivy, Grype, Syft, SARIF, CycloneDX, SPDX, OpenVEX, CSAF or in-toto.',
  },
  'key-unreadable': {
    who: 'user',
    exit: 2,
    means: 'A file named as a public key holds none that signatures can be verified with.',
    hint: 'Give the public key in PEM, such as cosign.pub: ECDSA on P-256, P-384 or P-521, RSA of 2048 bits or more, Ed25519.',
  },
  'manifests-not-rendered': {
    who: 'environment',
    exit: 5,
    means: 'A Helm chart or a Kustomize overlay could not be rendered.',
    hint: 'Mend what the message names; `helm template` or `kubectl kustomize` shows the same by hand.',
  },
  'terminal-required': {
    who: 'user',
    exit: 2,
    means: 'A question has to be asked, and there is no terminal to ask it on.',
    hint: 'Give the answer as a flag; the message names it.',
  },
  'tool-missing': {
    who: 'environment',
    exit: 5,
    means: 'An external program is needed and is not on PATH.',
    hint: 'Run `deploycheck doctor` to see what is missing and how to get it.',
  },
  'tool-failed': {
    who: 'environment',
    exit: 5,
    means: 'An external program ended with an error.',
    hint: 'The message carries what the program printed; run it by hand with the same arguments.',
  },
  'run-missing': {
    who: 'user',
    exit: 2,
    means: 'No run of that name exists, here or as a bundle file.',
    hint: 'List the runs with `deploycheck run list`.',
  },
  'run-altered': {
    who: 'user',
    exit: 4,
    means: 'A stored run does not match the digests written when it ended.',
    hint: 'Restore the file named from a copy, or run the checklist again.',
  },
  'run-folder-unwritable': {
    who: 'environment',
    exit: 5,
    means: 'The run folder cannot be written: read-only, full, or not permitted.',
    hint: 'Free space or choose another place with the environment variable DEPLOYCHECK_HOME.',
  },
  'run-folder-locked': {
    who: 'environment',
    exit: 5,
    means:
      'Another deploycheck process holds the index of the run folder for longer than expected.',
    hint: 'Wait for the other process, then try again; `deploycheck clean` removes a dead one’s lock.',
  },
  'clean-up-incomplete': {
    who: 'environment',
    exit: 5,
    means:
      'What the run had made for itself could not be removed, because a system did not answer.',
    hint: 'Once the system named answers again, `deploycheck clean` removes it.',
  },
  'bundle-invalid': {
    who: 'user',
    exit: 2,
    means:
      'The bundle file is not one that `deploycheck run export` writes, or it breaks its bounds.',
    hint: 'Export the run again on the machine where it was made.',
  },
  'signers-missing': {
    who: 'user',
    exit: 2,
    means: 'No allowed-signers file is configured, so nobody’s signature can count.',
    hint: 'Set checklist.approvals.allowedSigners, or give --trust FILE.',
  },
  'signature-failed': {
    who: 'user',
    exit: 4,
    means: 'A signature is not valid: wrong key, wrong namespace, expired, or changed content.',
    hint: 'The message says which; sign again with a key that the allowed-signers file lists.',
  },
  'waiver-unreadable': {
    who: 'user',
    exit: 2,
    means: 'A file in the folder of waivers is not a waiver.',
    hint: 'Remove the file, or write the waiver again with `deploycheck waive`.',
  },
  'baseline-invalid': {
    who: 'user',
    exit: 2,
    means: 'A file is not the baseline of findings that it is named as.',
    hint: 'Write it again with `--write-baseline FILE`; a file that is no baseline is not written over.',
  },
  'key-unusable': {
    who: 'user',
    exit: 2,
    means: 'The SSH key given cannot sign.',
    hint: 'Give a private key file, or the public half of a key held by your running key agent.',
  },
  'approval-refused': {
    who: 'user',
    exit: 3,
    means: 'An approval was asked for while a critical item is neither passed nor validly waived.',
    hint: 'Resolve or waive the items named, or sign with --decision hold.',
  },
  'approval-no-go': {
    who: 'user',
    exit: 1,
    means: 'An approval was asked for while a critical item has failed.',
    hint: 'Mend or waive the items named, or sign with --decision reject.',
  },
  'approval-conflict': {
    who: 'user',
    exit: 4,
    means:
      'This person’s approval would count for nothing: the author of the commit, or the signer of a waiver that the run uses.',
    hint: 'Have somebody else approve.',
  },
  'data-missing': {
    who: 'environment',
    exit: 5,
    means: 'A data file that ships with deploycheck is not in its place.',
    hint: 'Install deploycheck again.',
  },
  'output-unwritable': {
    who: 'environment',
    exit: 5,
    means: 'A report could not be written to the file named.',
    hint: 'Check the folder, its permissions and the free space.',
  },
  'engine-unreachable': {
    who: 'environment',
    exit: 5,
    means: 'The Docker Engine does not answer where it is looked for.',
    hint: 'Start it, or name another with DOCKER_HOST or DOCKER_CONTEXT; `docker version` asks the same place.',
  },
  'engine-failed': {
    who: 'peer',
    exit: 5,
    means: 'The Docker Engine answered with an error, or broke off.',
    hint: 'The message carries what it said; its own log has more.',
  },
  'registry-unreachable': {
    who: 'environment',
    exit: 5,
    means:
      'The registry of an image does not answer: no such host, no route, or no trusted certificate.',
    hint: 'Check the host in the reference and the network; NODE_EXTRA_CA_CERTS names more authorities.',
  },
  'registry-denied': {
    who: 'environment',
    exit: 5,
    means:
      'The registry wants other credentials than it was given, or hides that there is no such image.',
    hint: 'Run `docker login HOST`, or point DOCKER_CONFIG at the folder whose config.json has the credentials.',
  },
  'registry-failed': {
    who: 'peer',
    exit: 5,
    means: 'The registry failed after several tries, or what it sent is not what the digest names.',
    hint: 'Try again later; if it stays so, push the image again or ask who runs the registry.',
  },
  'reference-invalid': {
    who: 'user',
    exit: 2,
    means: 'A text is no image reference.',
    hint: 'Write HOST/NAME:TAG or HOST/NAME@sha256:DIGEST; the message names the character.',
  },
  'database-url-invalid': {
    who: 'user',
    exit: 2,
    means:
      'The address of a database cannot be used: not a PostgreSQL URL, an unknown service, or a setting that deploycheck does not know.',
    hint: 'Give postgres://user@host:port/database, or a service of pg_service.conf; the message says what is wrong.',
  },
  'database-unreachable': {
    who: 'environment',
    exit: 5,
    means:
      'The database server does not answer, is still starting, or has no connection free for us.',
    hint: 'Check host, port, network and max_connections; `psql` with the same address shows the same error.',
  },
  'database-denied': {
    who: 'environment',
    exit: 5,
    means:
      'The database server refuses us: password, role, database, pg_hba.conf, TLS, or a missing privilege.',
    hint: 'The message says which; the role needs to be able to connect and to read what is examined.',
  },
  'database-failed': {
    who: 'peer',
    exit: 5,
    means: 'The database server ended the connection or gave up on a statement in the middle.',
    hint: 'Look at the log of the server at that time, then run again.',
  },
  'objects-url-invalid': {
    who: 'user',
    exit: 2,
    means: 'The address, the region or the keys of an object store cannot be used.',
    hint: 'Give http(s)://host:port, and the keys as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  },
  'objects-unreachable': {
    who: 'environment',
    exit: 5,
    means: 'The object store does not answer.',
    hint: 'Check the endpoint, the network and its TLS certificate.',
  },
  'objects-denied': {
    who: 'environment',
    exit: 5,
    means:
      'The object store refuses us: keys, their policy, the region, or clocks that differ too much.',
    hint: 'The message says which; the keys need to be allowed the operation named on the bucket named.',
  },
  'objects-failed': {
    who: 'peer',
    exit: 5,
    means:
      'The object store failed after several tries, or what was sent or received is not whole.',
    hint: 'Look at the log of the store at that time, then run again; nothing half-sent was kept.',
  },
  'kubeconfig-invalid': {
    who: 'user',
    exit: 2,
    means:
      'No kubeconfig was found, or it cannot be read, or the context chosen is not whole in it.',
    hint: 'Name the file with --kubeconfig and the context with --context; `kubectl config get-contexts` lists them.',
  },
  'cluster-unreachable': {
    who: 'environment',
    exit: 5,
    means:
      'The Kubernetes API server does not answer, shows a certificate that is not trusted, or broke the connection.',
    hint: 'Check network, VPN and proxy; `kubectl version` with the same context shows the same error.',
  },
  'cluster-denied': {
    who: 'environment',
    exit: 5,
    means:
      'The Kubernetes API server does not accept the credentials, or forbids something that deploycheck has to read or do.',
    hint: 'Log in again, or ask for the permission that the message names.',
  },
  'cluster-failed': {
    who: 'peer',
    exit: 5,
    means: 'The Kubernetes API server failed after several tries, or answered what cannot be used.',
    hint: 'Look at the state of the control plane and of the API or webhook named, then run again.',
  },
  'workload-missing': {
    who: 'user',
    exit: 2,
    means: 'The cluster has no such namespace or workload, so there is nothing to roll back.',
    hint: 'Check the context, the namespace and the name; the message names what is there.',
  },
  'plan-stale': {
    who: 'user',
    exit: 4,
    means:
      'The dry run that was agreed to is too old, or what it looked at has changed since. Nothing was written.',
    hint: 'Run `deploycheck rollback --dry-run` again, read it, and give the digest it prints.',
  },
  'repository-unwritable': {
    who: 'environment',
    exit: 5,
    means: 'The repository of backup sets cannot be written: full, read-only, or not permitted.',
    hint: 'Free space or choose another place with --repository; sets that were there are untouched.',
  },
  'repository-unreadable': {
    who: 'environment',
    exit: 5,
    means:
      'The repository of backup sets is not there, or something in it cannot be read; or the tool that keeps the backups of a database cannot say what there is.',
    hint: 'Check the path or address of the repository, and the rights of this user.',
  },
  'repository-locked': {
    who: 'environment',
    exit: 5,
    means: 'Somebody works in the repository of backup sets who must not be disturbed.',
    hint: 'Try again once the other is done; the message names it. A dead one is passed over after three minutes.',
  },
  'lease-lost': {
    who: 'environment',
    exit: 5,
    means:
      'This process stood still, or did not reach the repository, for so long that others took it for dead. It published nothing, and removed nothing after that.',
    hint: 'Run again; look at what kept the process or the connection from going on.',
  },
  'set-missing': {
    who: 'user',
    exit: 2,
    means: 'The repository holds no complete backup set of that name.',
    hint: 'List the sets with `deploycheck backup list`; `last` names the newest.',
  },
  'identity-missing': {
    who: 'user',
    exit: 2,
    means: 'The backup set is encrypted, and no identity was named that could open it.',
    hint: 'Name the identity file of age with --identity FILE, or in the variable DEPLOYCHECK_IDENTITY.',
  },
  'identity-unusable': {
    who: 'user',
    exit: 2,
    means:
      'The file named as an identity is not there, is no identity file of age, or is encrypted itself.',
    hint: 'Name the file that age-keygen wrote, with a line AGE-SECRET-KEY-1…; the message says what it is instead.',
  },
  'identity-wrong': {
    who: 'user',
    exit: 2,
    means: 'The backup set is encrypted to other keys than the one given. Nothing was written.',
    hint: 'Find the identity of one of the recipients that the message names.',
  },
  'client-too-old': {
    who: 'environment',
    exit: 5,
    means: 'pg_dump or pg_restore is of an older major version than the server, and would refuse.',
    hint: 'Install the PostgreSQL client of the version of the server, or a newer one, and put it first on PATH.',
  },
  'restore-refused': {
    who: 'user',
    exit: 2,
    means: 'The target of a restore is the source itself, or holds something already.',
    hint: 'Name an empty or new target; --replace allows to put a database that is there aside.',
  },
  'restore-environment': {
    who: 'environment',
    exit: 5,
    means: 'What the target server lacks keeps the set from being restored there.',
    hint: 'Provide what the message names, or restore on a server that has it.',
  },
  'namespace-missing': {
    who: 'user',
    exit: 2,
    means: 'The cluster has no namespace of the name given, and the release does not bring one.',
    hint: 'Check --context and --namespace; `kubectl get namespaces` lists those of the context.',
  },
} as const satisfies Record<string, FaultEntry>;

export type FaultCode = keyof typeof faultCodes;
