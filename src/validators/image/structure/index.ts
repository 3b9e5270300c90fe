import type { Check, CheckContext } from '../../../core/check.ts';
import { type Image, requireContent } from '../image.ts';
import { recipe } from '../places.ts';
import { contentDrafts } from './content.ts';
import { existenceDrafts } from './existence.ts';
import type { StructureFile } from './format.ts';
import { metadataDrafts } from './metadata.ts';

const app = [{ path: 'app/server.js', mode: '0644', content: 'serve()\n' }];
const tests = (permissions: string) => `schemaVersion: 2.0.0
fileExistenceTests:
  - name: server
    path: /app/server.js
    permissions: "${permissions}"
`;

/** What files of container-structure-test ask. Runs where some are named alone. */
export const check: Check<Image> = {
  id: 'image/structure',
  title: 'The image is as its structure tests want it',
  severity: 'error',
  preset: 'strict',
  // Whoever wrote them down and named them wants no release without.
  critical: true,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'These tests are what somebody wrote down that the image has to have: where they fail, something that is relied on is missing.',
    messages: {
      absent: '{{test}}: {{path}} is not in the image',
      present: '{{test}}: {{path}} is in the image, and should not be',
      different: '{{test}}: {{what}} of {{path}} is {{found}}, and {{wanted}} is expected',
      'not-executable': '{{test}}: {{path}} is not executable by {{who}} (mode {{mode}})',
      'no-match': '{{test}}: nothing in {{path}} fits {{pattern}}',
      match: '{{test}}: something in {{path}} fits {{pattern}}, which is excluded',
      metadata: '{{what}} is not what the tests expect: {{wanted}}',
      excluded: '{{what}} is there, and the tests exclude it',
    },
    remediation: 'Mend the Dockerfile, or the test where it is the one that is out of date.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [app], structure: tests('-rwxr-xr-x') }),
      findings: [{ messageId: 'different' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [app], structure: tests('-rw-r--r--') }),
      findings: [],
    },
    references: ['https://github.com/GoogleContainerTools/container-structure-test'],
  },
  run(context) {
    const { target } = context;
    const config = requireContent(context);
    const files = target.structure ?? [];
    if (files.length === 0) {
      context.skip(
        'no file of structure tests was named (`--structure`, or `structure` of a service)',
      );
      return [];
    }
    return files.flatMap((file) => {
      sayWhatIsLeftOut(context, file);
      return [
        ...existenceDrafts(target, config, file),
        ...contentDrafts(context, config, file),
        ...metadataDrafts(context, config, file),
      ];
    });
  },
};

/** Those that need a container, and those about licences that one company allows. */
function sayWhatIsLeftOut(context: CheckContext<Image>, { file, tests }: StructureFile): void {
  for (const { name } of tests.commandTests) {
    context.notExamined(
      `${file}: command test ${name}`,
      'it starts a container, and this only reads',
    );
  }
  if (tests.licenseTests.length > 0) {
    context.notExamined(`${file}: licence tests`, 'licences of files are not looked at');
  }
}
