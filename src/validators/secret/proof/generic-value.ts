import { isLiteralSecret } from '../literal-name.ts';
import type { Confidence } from '../shapes/shape.ts';

/**
 * Words that values are made of which name something instead of opening it. Four letters or more, so that
 * chance puts one into a random value of forty characters less than once in a hundred.
 */
const stopWords = [
  'about|accept|access|account|action|active|adapter|address|admin|agent|alert|alias|allow|alpha|amazon',
  'android|angular|animation|answer|apache|append|apple|applic|archive|array|article|asset|async|attach',
  'attr|audit|auth|auto|avatar|azure|back|banner|base|basic|batch|before|beta|bind|block|blog|board|body',
  'book|boot|branch|bridge|browser|bucket|buffer|build|bundle|button|byte|cache|call|camera|cancel|card',
  'cast|catalog|categ|cert|change|channel|chart|chat|check|child|chrome|cipher|class|clean|clear|click',
  'client|clone|close|cloud|cluster|code|collect|color|column|command|comment|commit|common|compan',
  'compil|complet|compon|compos|config|confirm|connect|console|const|contact|contain|content|context',
  'control|convert|cookie|copy|core|count|cover|create|crypt|curren|cursor|custom|cycle|daemon|data|date',
  'debug|declar|decod|default|delete|deliver|demo|depend|deploy|deriv|descr|design|destin|detail|detect',
  'devel|device|dialog|dict|digest|direct|disable|discov|disk|display|docker|document|domain|down|draft',
  'driver|drop|dummy|dynamic|edit|editor|elastic|element|email|embed|enable|encod|encrypt|endpoint|engine',
  'entity|entry|enum|environ|error|event|example|exception|exec|exist|expect|expir|export|extend|extens',
  'factory|fail|fake|feature|feed|fetch|field|file|filter|find|fire|first|flag|flash|float|flow|folder',
  'font|footer|force|form|found|frame|framework|from|front|func|game|gate|gener|github|gitlab|global',
  'google|grant|graph|grid|group|guest|guide|hand|hash|head|health|hello|help|hidden|home|hook|host|html',
  'http|icon|ident|image|import|index|info|init|inner|input|insert|install|instance|integr|inter|invalid',
  'invoice|issue|item|java|join|json|kernel|keyboard|kube|label|lang|large|last|launch|layer|layout|lead',
  'length|level|librar|licen|light|limit|line|link|linux|list|live|load|local|lock|login|logo|long|loop',
  'machine|mail|main|make|manage|manual|mapper|mark|market|master|match|media|memb|memory|menu|merge|mess',
  'meta|method|metric|micro|middle|migrat|mirror|missing|mobile|mock|mode|model|module|monitor|month|mount',
  'move|multi|music|name|native|navig|nested|network|news|next|node|none|norm|note|notif|null|number|object',
  'offset|open|operat|option|order|origin|output|owner|pack|page|panel|param|parent|parse|part|pass|paste',
  'patch|path|pattern|payload|payment|peer|permis|person|phone|photo|picker|pipe|plain|plan|platform|play',
  'plugin|point|policy|pool|popup|port|post|power|prefix|preview|price|primary|print|priority|private',
  'process|prod|profile|program|progress|project|promise|prop|protect|proto|provid|proxy|public|publish',
  'push|query|queue|quick|random|range|rate|react|read|real|recei|record|redirect|redis|refer|refresh|regex',
  'region|regist|relat|release|reload|remote|remov|render|replac|report|repos|request|require|reset|resolv',
  'resour|respon|rest|result|retry|return|review|role|root|route|rule|runtime|safe|sample|sandbox|save',
  'scale|scan|schedul|schema|scope|score|screen|script|scroll|search|second|secret|section|secur|select',
  'send|serial|series|server|service|session|setting|setup|shadow|share|sheet|shell|shop|short|show|side',
  'sign|simple|single|site|size|slack|slide|small|snap|social|socket|soft|some|sort|source|space|spec|split',
  'spring|stack|stage|staging|standard|start|state|static|station|stats|status|step|stop|storage|store',
  'stream|string|struct|studio|style|submit|subscr|success|suffix|suite|support|switch|symbol|sync|syntax',
  'system|table|target|task|team|temp|term|test|text|theme|thing|this|thread|ticket|tile|time|title|token',
  'tool|tooltip|topic|total|touch|track|trade|train|trans|tree|trigger|true|type|under|unit|unix|unknown',
  'update|upload|user|util|valid|value|variable|vector|vendor|verif|version|video|view|virtual|visible',
  'visit|visual|vote|wait|walk|wallet|watch|weather|webhook|week|widget|width|window|word|work|world|wrap',
  'write|year|your|zone',
].join('|');
const stopWord = new RegExp(stopWords, 'gi');

/** Of the letters of a value; a word or two of a long random one are chance. */
const mostWords = 0.15;

/** Whether a value is made of words to a part that chance does not reach. */
export function isMadeOfWords(value: string): boolean {
  const words = value.match(stopWord) ?? [];
  return words.join('').length > mostWords * value.length;
}

/** Hex by itself is as often a digest, a commit or an id; 24 digits or more are worth a word. */
const shortHex = /^[0-9a-f]{1,23}$/i;
const numberLike = /^[\d.,:_x-]+$/;
/** An address, a version, a digest. */
const otherThing = /\/\/|^v?\d+\.\d+|^sha\d+[-:=]/i;
const fileName = /^[\w./-]{1,60}\.[a-z]{2,4}$/;
/** A path, or the name of a hidden file, which has no capitals. */
const path = /^(?:\.{0,2}|~\w*)\/|^\.[a-z][a-z0-9_.-]*$/;
/** Words in a row, as names of things are written. */
const wordsInRow = /^[a-z]+(?:[-_.][a-z0-9]{1,12})+$/;
/** A member of something in a program. */
const dottedName = /^[a-z_][\w-]*(?:\.[a-z_][\w-]*)+$/i;

function isOtherThing(value: string): boolean {
  const digits = value.replace(/\D/g, '').length;
  if ([path, fileName, otherThing].some((one) => one.test(value))) return true;
  return wordsInRow.test(value) || (digits < 3 && dottedName.test(value));
}

/** What protocols derive and libraries test themselves with: in hex they are vectors of a test. */
const derivedName = /(?:shared|exporter|pre_?master|early|handshake)[-_]?secret|private[-_]?key/i;

/** Words that other places know by the whole of a name say a secret here, because the value speaks, too. */
const nameOfSecret = (name: string): string =>
  name.replace(/(?:creds|auth)$/i, 'credentials').replace(/auth(?=[-_.]?key)/i, 'secret');

/** A name that says secret, and a value that looks like chance made it: still a guess. */
export function judgeGeneric(match: RegExpExecArray, name: string): Confidence | undefined {
  const value = match.groups?.secret ?? match[0];
  if (!/\d/.test(value) || !/[a-z]/i.test(value)) return undefined;
  if (shortHex.test(value) || numberLike.test(value) || isOtherThing(value)) return undefined;
  if (isMadeOfWords(value)) return undefined;
  if (/public|csrf|xsrf/i.test(name)) return undefined;
  if (derivedName.test(name) && /^[0-9a-f]+$/i.test(value)) return undefined;
  return isLiteralSecret(nameOfSecret(name), value) ? 'possible' : undefined;
}
