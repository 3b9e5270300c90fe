import { Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import Docker from 'dockerode';
import { messageOf } from '../../core/fault.ts';
import { type Endpoint, unreachable } from './endpoint.ts';

/**
 * What dockerode sends its requests by.
 * @throws Fault `engine-unreachable`
 */
export function modemOf(endpoint: Endpoint) {
  // A connection ends with its request, so none is left when the program wants to end.
  const isTls = 'tls' in endpoint && endpoint.tls !== undefined;
  const agent = isTls ? new TlsAgent({ keepAlive: false }) : new Agent({ keepAlive: false });
  // The constructor takes what is absent from the environment, so nothing may be absent.
  const options = {
    host: 'hostname' in endpoint ? endpoint.hostname : undefined,
    port: 'hostname' in endpoint ? endpoint.port : undefined,
    socketPath: 'socketPath' in endpoint ? endpoint.socketPath : undefined,
    protocol: isTls ? ('https' as const) : ('http' as const),
    ca: undefined,
    cert: undefined,
    key: undefined,
    ...('tls' in endpoint ? endpoint.tls : {}),
    pathPrefix: '/',
    timeout: undefined,
    agent: withoutRedirects(agent),
  };
  try {
    const { modem }: { modem: Docker['modem'] } = new Docker(options);
    return modem;
  } catch (cause) {
    // It reads DOCKER_HOST and DOCKER_CERT_PATH also when it is told where the engine is.
    throw unreachable(endpoint.host, messageOf(cause), cause);
  }
}

interface RequestTaking {
  addRequest(request: ClientRequest, ...more: unknown[]): void;
}

/**
 * The modem follows redirects to any host, and an error on the way ends the process. Engines redirect
 * for unclean paths only, so their answer is shown as it is: the modem looks for the header alone.
 */
function withoutRedirects(agent: Agent): Agent {
  // By this method requests come to every agent; it is not in Node's documentation, nor in its types.
  const taking = agent as unknown as RequestTaking;
  const take = taking.addRequest.bind(agent);
  taking.addRequest = (request, ...more) => {
    request.prependOnceListener('response', (answer: IncomingMessage) => {
      delete answer.headers.location;
    });
    take(request, ...more);
  };
  return agent;
}
