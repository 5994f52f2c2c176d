internal import Glibc

/// A plan on its way from one run to another: the configuration that it is for, and marks by which
/// the later run finds out whether it would make the same plan.
///
/// No step of it is ever carried out as it stands there, so nothing is gained by changing one.
public struct SavedPlan: Sendable {
  /// What a plan was made of and what came out.
  public struct Marks: Equatable, Sendable {
    /// Of what the kernel had.
    public var kernel: String
    /// Of the steps.
    public var steps: String
  }

  public var marks: Marks
  public var configuration: RecordedConfiguration
  /// The entries that were allowed to let packets be seen in clear.
  public var cleartextAllowed: Set<String>

  /// Reads what ``PreparedPlan/document(of:_:allowing:)`` writes.
  ///
  /// - Returns: `nil` for a file of another kind.
  public init?(_ bytes: [UInt8]) {
    // Most of what is read here is a configuration, which says what is wrong with it elsewhere.
    guard bytes.first == UInt8(ascii: "{"),
      let tree = YAMLNode.own(bytes), tree["version"]?.text == "1",
      let kernel = tree["fingerprint"]?.text, let steps = tree["id"]?.text,
      let recorded = tree["recorded"], let configuration = RecordedConfiguration(recorded)
    else { return nil }
    marks = Marks(kernel: kernel, steps: steps)
    self.configuration = configuration
    cleartextAllowed = Set(tree["cleartextAllowed"]?.elements.compactMap(\.text) ?? [])
  }

  /// The plan in a file; `nil` if that has something else in it, or cannot be read.
  ///
  /// - Parameter path: Its name.
  /// - Throws: If it is a plan, and somebody else can make another of it.
  public static func find(at path: String) throws(StoreProblem) -> SavedPlan? {
    guard let descriptor = try? FileRules.regular.open(path, O_RDONLY, as: path) else { return nil }
    let file = PrivateFile(descriptor, path)
    guard file.length <= YAMLReader.mostBytes, let bytes = try? file.content(),
      let plan = SavedPlan(bytes)
    else { return nil }
    try FileRules([.owned, .guarded]).check(file.descriptor, path)
    return plan
  }
}

extension PreparedPlan {
  /// What tells this plan from others.
  public var marks: SavedPlan.Marks {
    SavedPlan.Marks(
      kernel: fingerprint,
      steps: String(
        Fingerprint.of(Array(YAMLWriter.json(YAMLNode(plan.stepTrees(hasKeys: false))).utf8))
          .prefix(8)))
  }

  /// The plan as JSON.
  ///
  /// - Parameters:
  ///   - configuration: What it is for.
  ///   - state: What that comes to.
  ///   - options: How it was made.
  ///   - isSaved: Whether it is to be carried out later, so that the configuration is a part of it.
  public func json(
    of configuration: RecordedConfiguration, _ state: DesiredState, _ options: PlanOptions,
    isSaved: Bool
  ) -> String {
    let head: [(String, YAMLNode?)] = [
      ("version", YAMLNode(1)),
      ("id", YAMLNode(text: marks.steps)),
      ("configuration", YAMLNode(text: configuration.id)),
      ("host", YAMLNode(text: configuration.host)),
      ("namespace", state.namespace.map { YAMLNode(text: $0) }),
      ("fingerprint", YAMLNode(text: fingerprint)),
      ("unfinished", unfinished.map { YAMLNode(text: $0) }),
    ]
    let body: [(String, YAMLNode?)] = [
      ("add", YAMLNode(plan.count(of: .add))),
      ("change", YAMLNode(plan.count(of: .change))),
      ("remove", YAMLNode(plan.count(of: .remove))),
      ("steps", YAMLNode(plan.stepTrees(hasKeys: true))),
      ("foreign", YAMLNode(plan.foreign.map(\.tree))),
      ("cleartextAllowed", YAMLNode(texts: options.cleartextAllowed.sorted())),
      ("warnings", YAMLNode(texts: plan.warnings)),
      ("watermarks", YAMLNode(texts: state.watermarks)),
      ("recorded", isSaved ? configuration.tree : nil),
    ]
    return YAMLWriter.json(YAMLNode(head + body)) + "\n"
  }
}

extension YAMLNode {
  fileprivate init(texts: [String]) { self.init(texts.map { YAMLNode(text: $0) }) }
}

extension ForeignObjects {
  fileprivate var tree: YAMLNode {
    YAMLNode([
      ("owner", YAMLNode(text: owner)), ("associations", YAMLNode(associations)),
      ("policies", YAMLNode(policies)),
    ])
  }
}
