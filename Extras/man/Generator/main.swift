// Makes the manual pages from what the tool tells of itself, on stdin:
//   xfrmctl --experimental-dump-help | xfrmctl-man SUPPLEMENTS VERSION DATE FOLDER
import FoundationEssentials
import Glibc

func write(_ command: CommandInfo, of root: CommandInfo, _ arguments: [String]) throws {
  let supplement = URL(filePath: "\(arguments[0])/\(command.page).man")
  // Most commands need none.
  let text = try? Data(contentsOf: supplement)
  let page = Page(
    command: command, root: root, version: arguments[1], date: arguments[2],
    supplement: text.map { String(decoding: $0.dropLast(), as: UTF8.self) })
  try Data(page.text.utf8).write(to: URL(filePath: "\(arguments[3])/\(command.page).8"))
  for verb in command.verbs { try write(verb, of: root, arguments) }
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 4 else {
  print("usage: xfrmctl-man SUPPLEMENTS VERSION DATE FOLDER")
  exit(64)
}
var json = ""
while let line = readLine() { json += line }
let tool = try JSONDecoder().decode(ToolInfo.self, from: Data(json.utf8))
try write(tool.command, of: tool.command, arguments)
