const { bundleWorkflowCode } = require('@temporalio/worker');
const { defineConfig, FerryError } = require('hive-ferry');
const { HiveFerryPlugin, loadConfig } = require('hive-ferry/worker');

async function main() {
  const { config } = await loadConfig();
  const plugin = new HiveFerryPlugin({ config });
  const { code } = await bundleWorkflowCode({ workflowsPath: require.resolve('./workflows.js') });
  const doors = [defineConfig, FerryError, HiveFerryPlugin].map((door) => typeof door);
  const workflows = ['syncTable', 'tidyUp'].map((name) => code.includes(name));
  process.stdout.write(`${JSON.stringify({ plugin: plugin.name, doors, workflows })}\n`);
}

main();
