import ArgumentParser
import IPRoute2
import XFRMKit

extension PolicyCommand {
  struct List: GrammarCommand {
    static let verb = ["policy", "list"]
    static let configuration = CommandConfiguration(
      abstract: "List security policies.",
      usage: "xfrmctl policy list [options] [<words> ...]",
      discussion: """
        Words say which: src, dst (prefixes that the selectors lie within),
        proto, sport, dport, dev, dir, index, ptype, action, priority, flag,
        reqid, mark, if_id, nosock. Fields and their units: docs/JSON.md.

        Examples:
          xfrmctl policy list
          xfrmctl policy list dir out reqid 1
          xfrmctl policy list --netns blue --json
          xfrmctl policy list --tsv --fields direction,selector,priority
        """)

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup var options: ListOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []

    func run() throws { try show(options, namespace) }
  }

  struct Get: GrammarCommand {
    static let verb = ["policy", "get"]
    static let configuration = CommandConfiguration(
      abstract: "Show one policy.",
      usage: "xfrmctl policy get [options] <words> ...",
      discussion: """
        Finds an entry by its own selector, to the letter; not the one that a
        packet would hit.

        Examples:
          xfrmctl policy get src 10.1.0.0/16 dst 10.2.0.0/16 dir out
          xfrmctl policy get index 17 dir out --json
        """)

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup var options: ListOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []

    func run() throws { try show(options, namespace) }
  }

  struct Count: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Count security policies.",
      discussion: """
        Example:
          xfrmctl policy count --json
        """)

    @OptionGroup var question: QuestionOptions

    func run() throws {
      try question.answer { (xfrm) throws(XFRMError) in
        try xfrm.spdInfo()
      } text: {
        "\(Text.count($0.count)) \($0.count == 1 ? "policy" : "policies"): in \(Text.count($0.incoming)), "
          + "out \(Text.count($0.outgoing)), fwd \(Text.count($0.forwarded)); "
          + "of sockets \(Text.count($0.socketCount))"
      }
    }
  }

  struct GetDefault: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "getdefault", abstract: "Show what becomes of packets that no policy matches.",
      discussion: """
        Example:
          xfrmctl policy getdefault
        """)

    @OptionGroup var question: QuestionOptions

    func run() throws {
      try question.answer { (xfrm) throws(XFRMError) in
        try xfrm.defaultActions()
      } text: {
        "in \($0.incoming), out \($0.outgoing), fwd \($0.forwarded)"
      }
    }
  }
}

extension GrammarCommand {
  /// Shows the policies that the words mean.
  fileprivate func show(_ options: ListOptions, _ namespace: NamespaceOption) throws {
    let output = try options.output(of: Policy.self, keys: KeyDisplay())
    let command = try parsed(namespace).command
    var xfrm = try namespace.connect()
    do {
      guard case .policies(let policies) = try xfrm.carryOut(command) else { return }
      // Only people are told which SAs a policy would use.
      let associations = output.form == nil ? try xfrm.associations() : nil
      try output.print(policies) { sorted in
        PolicyListing(policies, associations: associations, now: Timestamp.now.seconds)
          .text(sorted)
      }
    } catch let error as XFRMError {
      throw Failure(error)
    }
  }
}
