// Asks the API through the generated client, and prints what it heard as one JSON object.
import { Configuration, InstancesApi, MeApi, OffersApi, ResponseError } from './generated';

declare const process: { env: Record<string, string> };

async function main(): Promise<void> {
  const configuration = new Configuration({
    basePath: process.env.GATEWAY,
    accessToken: process.env.TOKEN,
  });
  const me = await new MeApi(configuration).meResourceMe();
  const types = await new OffersApi(configuration).offerResourceTypes();
  const instances = new InstancesApi(configuration);
  const project = process.env.PROJECT;
  let refusal = '';
  try {
    await instances.instanceResourceCreate({
      project,
      idempotencyKey: process.env.KEY,
      createInstanceRequest: { name: 'generated', instanceType: 'none.1x' },
    });
  } catch (failure) {
    if (!(failure instanceof ResponseError)) {
      throw failure;
    }
    refusal = (await failure.response.json()).code;
  }
  const list = await instances.instanceResourceList({ project });
  console.log(
    JSON.stringify({
      username: me.username,
      types: types.items?.length ?? 0,
      instances: list.items?.length ?? 0,
      refusal,
    }),
  );
}

main();
