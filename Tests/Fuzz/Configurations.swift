import Netlink
import XFRMKit

@testable import XFRMConfig

/// Reads bytes as a file of YAML and as a configuration.
func examineConfiguration(_ bytes: [UInt8]) {
  // Most messages and commands have none, and would take time.
  guard bytes.contains(UInt8(ascii: ":")) else { return }
  let loaded = ConfigurationFiles(host: "gw-berlin") {
    (path) throws(ConfigurationFiles.Unreadable) in
    guard path == "main.yaml" else { throw .init("No such file or directory") }
    return bytes
  }.load("main.yaml")
  for diagnostic in loaded.diagnostics {
    expect(!diagnostic.message.isEmpty, "a finding without a word")
    expect(diagnostic.span.start.index <= bytes.count, "a place behind the end")
  }
  let errors = loaded.diagnostics.count { $0.severity == .error }
  expect((errors == 0) == (loaded.configuration != nil), "\(errors) errors")
  // No seed has so many.
  expect(plantedFault != "configuration" || errors != 5, "planted")
  examineLayout(bytes)
  guard let configuration = loaded.configuration, let resolved = loaded.resolved else { return }
  examine(configuration.expanded(PendingBundles()), of: resolved)
}

/// What it comes to can be asked for, and what is shown of it comes to the same.
private func examine(_ expansion: Expansion, of resolved: YAMLNode) {
  guard expansion.isUsable else { return }
  var priorities: [[UInt32]: ObjectName] = [:]
  for entry in expansion.state.policies {
    let rank = [UInt32(entry.policy.direction.rawValue), entry.policy.priority]
    let other = priorities.updateValue(entry.name, forKey: rank)
    expect(other == nil, "\(entry.name) is as strong as another one")
    var request = MessageBuilder()
    request.append(Operation.updatePolicy(entry.policy))
    expect(request.failure == nil, "\(entry.policy) cannot be written")
  }
  let text = YAMLWriter.text(resolved)
  let again = ConfigurationFiles(host: "") { (_) throws(ConfigurationFiles.Unreadable) in
    Array(text.utf8)
  }.load("main.yaml")
  guard let configuration = again.configuration else {
    fatalError("what is shown is not read again: \(again.diagnostics.first?.message ?? "")")
  }
  let names = configuration.expanded(PendingBundles()).state.policies.map(\.name)
  expect(names == expansion.state.policies.map(\.name), "what is shown comes to something else")
}

/// What is laid out is laid out for good.
private func examineLayout(_ bytes: [UInt8]) {
  guard let once = try? YAMLFormatter.format(bytes, of: "f").get() else { return }
  // What it says and its comments were compared when it was laid out.
  expect((try? YAMLFormatter.format(Array(once.utf8), of: "f").get()) != nil, "not laid out again")
}
