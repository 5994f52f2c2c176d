internal import XFRMKit

extension IKEless {
  /// Reads a document.
  ///
  /// Its entries are put into the words of a configuration, in their places, and read as one, so
  /// that errors are found as in configurations and told of where they are.
  ///
  /// - Parameters:
  ///   - bytes: JSON as RFC 7951 has it.
  ///   - file: What it is called.
  ///   - keyFolder: Where references say that keys are.
  public static func read(
    _ bytes: [UInt8], of file: String, keyFolder: String = Exchange.usualKeyFolder
  ) -> ImportedExchange {
    var diagnostics = Diagnostics()
    var exchange = Exchange(keyFolder: keyFolder)
    if let node = YAMLReader.read(bytes, of: file, &diagnostics) {
      var checker = ShapeChecker(diagnostics)
      let fitting = checker.fitting(node.withoutState, document, of: "the document")
      diagnostics = checker.diagnostics
      if let databases = fitting?[root], !diagnostics.hasErrors {
        var reader = DocumentReader(exchange, diagnostics)
        let tree = reader.configuration(databases)
        (exchange, diagnostics) = (reader.exchange, reader.diagnostics)
        read(tree, into: &exchange, &diagnostics)
      }
    } else if !diagnostics.hasErrors {
      diagnostics.error(.start(of: file), "there is nothing in it", help: "“\(root)” is expected")
    }
    return ImportedExchange(exchange, diagnostics, of: file)
  }

  /// Reads what was put into the words of a configuration.
  private static func read(
    _ tree: YAMLNode, into exchange: inout Exchange, _ diagnostics: inout Diagnostics
  ) {
    guard !diagnostics.hasErrors else { return }
    var reader = Reader(diagnostics)
    let configuration = reader.configuration(tree)
    diagnostics = reader.diagnostics
    guard !diagnostics.hasErrors else { return }
    for finding in configuration.expanded(PendingBundles()).findings
    where finding.severity == .error {
      diagnostics.error(finding.span, finding.message, help: finding.help)
    }
    exchange.policies = configuration.policies
    exchange.associations = configuration.associations
  }
}

extension YAMLNode {
  /// Without what a device tells of its SAs, which is no configuration.
  fileprivate var withoutState: YAMLNode {
    var node = self
    switch content {
    case .mapping(let members):
      node.content = .mapping(
        members.filter { $0.key != "ipsec-sa-state" }.map {
          Member($0.key, at: $0.keySpan, $0.value.withoutState)
        })
    case .sequence(let elements): node.content = .sequence(elements.map(\.withoutState))
    case .scalar: break
    }
    return node
  }

  /// A mapping in the place of another one; what is `nil` is left out.
  func saying(_ members: [(String, YAMLNode?)]) -> YAMLNode {
    YAMLNode(
      .mapping(
        members.compactMap { key, value in value.map { Member(key, at: place, $0) } }), at: span)
  }

  /// A word in its place.
  func saying(_ text: String) -> YAMLNode { YAMLNode(.scalar(text, isPlain: true), at: span) }
}
