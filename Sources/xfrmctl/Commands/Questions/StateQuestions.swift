import ArgumentParser
import IPRoute2
import XFRMKit

extension State {
  struct List: GrammarCommand {
    static let verb = ["state", "list"]
    static let configuration = CommandConfiguration(
      abstract: "List security associations.",
      usage: "xfrmctl state list [options] [<words> ...]",
      discussion: """
        Words say which: src, dst (prefixes), proto, spi, mode, reqid, flag,
        mark, if_id. A number after a key's length is a fingerprint: equal for
        equal keys within one output. Fields and their units: docs/JSON.md.

        Examples:
          xfrmctl state list
          xfrmctl state list dst 192.0.2.0/24 proto esp
          xfrmctl state list --netns blue --json
          xfrmctl state list --tsv --fields spi,usage.bytes --sort -usage.bytes
        """)

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup var options: ListOptions
    @OptionGroup var keys: KeyOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []

    func run() throws { try show(options, keys, namespace) }
  }

  struct Get: GrammarCommand {
    static let verb = ["state", "get"]
    static let configuration = CommandConfiguration(
      abstract: "Show one security association.",
      usage: "xfrmctl state get [options] <words> ...",
      discussion: """
        Example:
          xfrmctl state get dst 192.0.2.2 proto esp spi 0x1001
        """)

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup var options: ListOptions
    @OptionGroup var keys: KeyOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []

    func run() throws { try show(options, keys, namespace) }
  }

  struct Count: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Count security associations.",
      discussion: """
        Example:
          xfrmctl state count --json
        """)

    @OptionGroup var question: QuestionOptions

    func run() throws {
      try question.answer { (xfrm) throws(XFRMError) in
        try xfrm.sadInfo()
      } text: {
        "\(Text.count($0.count)) \($0.count == 1 ? "SA" : "SAs"), "
          + "\(Text.count($0.buckets)) of at most \(Text.count($0.maximumBuckets)) hash buckets"
      }
    }
  }
}

extension GrammarCommand {
  /// Shows the SAs that the words mean.
  fileprivate func show(
    _ options: ListOptions, _ keys: KeyOptions, _ namespace: NamespaceOption
  ) throws {
    let output = try options.output(of: SecurityAssociation.self, keys: keys.display())
    let command = try parsed(namespace).command
    var xfrm = try namespace.connect()
    do {
      guard case .associations(let associations) = try xfrm.carryOut(command) else { return }
      // Only people are told who uses an SA.
      let policies = output.form == nil ? try xfrm.policies() : nil
      try output.print(associations) { sorted in
        AssociationListing(
          associations, policies: policies, keys: output.keys, now: Timestamp.now.seconds
        ).text(sorted)
      }
    } catch let error as XFRMError {
      throw Failure(error)
    }
  }
}
