// Starts `segql lsp` in folders that are trusted; the rest is what the server says.
const { window, workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function start() {
  const [command, ...args] = workspace.getConfiguration("segql").get("command");
  client = new LanguageClient(
    "segql",
    "SegQL",
    { command, args },
    { documentSelector: [{ language: "segql" }, { language: "yaml", pattern: "**/catalog.y{a,}ml" }] }
  );
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    window.showErrorMessage(`SegQL: ${command} cannot be started: pip install 'segql[lsp]', or say where it is in segql.command.`);
  }
}

exports.activate = (context) => {
  if (workspace.isTrusted) return start();
  context.subscriptions.push(workspace.onDidGrantWorkspaceTrust(start));
};

exports.deactivate = () => client && client.stop();
