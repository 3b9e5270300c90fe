import { bodyDigest } from './body-digest.ts';
import type { ObjectStore } from './objects.ts';
import { isAbsent } from './problem.ts';
import type { Requests } from './requests.ts';
import type { Outgoing } from './transport.ts';
import { escapeXml, parseXml, textOf } from './xml.ts';

/** The tags of objects (S3 API, GetObjectTagging and PutObjectTagging). */
export function tagging(requests: Requests): Pick<ObjectStore, 'tags' | 'setTags'> {
  return {
    async tags(bucket, key, signal, versionId) {
      const query = { tagging: '', versionId };
      const outgoing = { method: 'GET', bucket, key, query } satisfies Outgoing;
      const answer = await requests.ask(outgoing, signal);
      if (answer.code === 'NoSuchTagSet') return {};
      if (isAbsent(answer)) return undefined;
      if (answer.status !== 200) throw requests.fault(outgoing, answer);
      const set = parseXml(answer.text).children.find(({ name }) => name === 'TagSet');
      return Object.fromEntries(
        (set?.children ?? []).map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? '']),
      );
    },

    async setTags(bucket, key, tags, signal, versionId) {
      const set = Object.entries(tags).map(
        ([name, value]) =>
          `<Tag><Key>${escapeXml(name)}</Key><Value>${escapeXml(value)}</Value></Tag>`,
      );
      const body = Buffer.from(`<Tagging><TagSet>${set.join('')}</TagSet></Tagging>`);
      const headers = bodyDigest(body);
      const query = { tagging: '', versionId };
      const outgoing = { method: 'PUT', bucket, key, query, headers, body } satisfies Outgoing;
      const answer = await requests.ask(outgoing, signal);
      if (isAbsent(answer)) return undefined;
      if (answer.status !== 200 && answer.status !== 204) throw requests.fault(outgoing, answer);
      return 'set';
    },
  };
}
