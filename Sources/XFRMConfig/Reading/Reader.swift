internal import XFRMKit

/// Makes a configuration of a tree that fits the vocabulary, and finds what does not fit together.
struct Reader {
  var diagnostics: Diagnostics
  /// What is done by waiver.
  var watermarks: [String] = []
  private(set) var waivers = Waivers()
  /// Whether guards stand behind entries that say nothing of it.
  private(set) var isStrict = true
  private(set) var cryptoPolicy = CryptoPolicy.rfc8221

  /// Entries that may do what is dangerous.
  struct Waivers {
    var counterMode: [String: SourceSpan] = [:]
    var noReplay: [String: SourceSpan] = [:]
  }

  init(_ diagnostics: Diagnostics) { self.diagnostics = diagnostics }

  mutating func configuration(_ file: YAMLNode) -> Configuration {
    isStrict = file.flag("strict") ?? true
    cryptoPolicy = file.word("crypto-policy") ?? .rfc8221
    if let waivers = file["waivers"] {
      self.waivers.counterMode = names(waivers.list("static-counter-mode-key"))
      self.waivers.noReplay = names(waivers.list("no-anti-replay"))
    }
    var configuration = Configuration()
    configuration.namespace = file.text("namespace")
    configuration.defaultActions = defaultActions(file)
    configuration.policies = file.list("spd").compactMap { policy($0) }
    configuration.associations = file.list("sad").compactMap { association($0) }
    configuration.connections = file.list("connections").compactMap { connection($0) }
    configuration.settings = (file["settings"]?.members ?? []).compactMap { member in
      member.value.text.map { (SettingEntry(member.key, $0), member.keySpan) }
    }
    checkNames(file)
    configuration.watermarks = watermarks
    return configuration
  }

  private func defaultActions(_ file: YAMLNode) -> DefaultActions? {
    file.text("default-action").map {
      let action = $0 == "discard" ? DefaultActions.Action.block : .accept
      return DefaultActions(incoming: action, forwarded: action, outgoing: action)
    }
  }

  private func names(_ nodes: [YAMLNode]) -> [String: SourceSpan] {
    var names: [String: SourceSpan] = [:]
    for node in nodes { if let text = node.text { names[text] = node.span } }
    return names
  }

  // MARK: Names

  /// What has a name that something else has; waivers for what is not there.
  private mutating func checkNames(_ file: YAMLNode) {
    let (policies, associations) = (file.list("spd"), file.list("sad"))
    let connections = file.list("connections")
    checkUnique(connections + policies)
    checkUnique(associations, among: connections)
    let known = Set((connections + associations).compactMap { $0.text("name") })
    for (name, span) in waivers.counterMode.merging(
      waivers.noReplay, uniquingKeysWith: { first, _ in first })
    where !known.contains(name) {
      diagnostics.error(
        span, "no connection and no entry of sad is called \(Discretion.quoted(name))",
        help: Spelling.help(for: name, among: known.sorted(), "names"))
    }
  }

  private mutating func checkUnique(_ nodes: [YAMLNode], among others: [YAMLNode] = []) {
    var spans: [String: SourceSpan] = [:]
    for node in others { if let name = node.text("name") { spans[name] = node.nameSpan } }
    for node in nodes {
      guard let name = node.text("name") else { continue }
      if let earlier = spans.updateValue(node.nameSpan, forKey: name) {
        diagnostics.error(
          node.nameSpan, "something is called \(Discretion.quoted(name)) already: \(earlier)",
          help: "names are unique; choose another one")
      }
    }
  }
}
