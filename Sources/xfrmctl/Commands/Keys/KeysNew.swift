import ArgumentParser
import XFRMConfig
import XFRMKit

/// `xfrmctl keys new`
struct KeysNew: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make the next generation of a connection's keys, for both ends.",
    usage: "xfrmctl keys new <connection> ... [--out <folder>] [options]",
    discussion: """
      Writes two bundles with SPIs and keys drawn at random, as long as the
      connection's proposal takes them: one for this end, one for the other.
      Take that one to the key folder of the other end, over a way that nobody
      listens on, and delete it here. Keys of earlier generations stay. The
      next generation is above all that there are files of, also damaged
      ones, and above those in use whose files are gone.

      Examples:
        xfrmctl keys new berlin-paris
        xfrmctl keys new berlin-paris --config site.yaml --out ./bundles
        xfrmctl keys new berlin-paris --peer-directory /run/for-paris
        xfrmctl keys new lab --directory lab/keys --run-dir lab/run

      Exit status: 0 if the keys are there, 65 if the configuration has errors
      or no such connection.
      """)

  @Argument(
    help: ArgumentHelp("The connection, by its name.", valueName: "connection"))
  var connections: [String]

  @Option(
    help: ArgumentHelp("The configuration that has it.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var config = ConfigOptions.usualPath

  @OptionGroup var variables: VariableOptions
  @OptionGroup var directory: KeyDirectoryOption

  @Option(
    help: ArgumentHelp(
      "Where the other end's bundle goes (default: peer in the key folder).",
      valueName: "folder"),
    completion: .directory)
  var peerDirectory: String?

  @Option(
    help: ArgumentHelp(
      "Write both bundles below this folder, in local and peer, and none elsewhere.",
      valueName: "folder"),
    completion: .directory)
  var out: String?

  @Option(
    help: ArgumentHelp("Where journals and locks are.", valueName: "folder"),
    completion: .directory)
  var runDir = Manager.usualRunFolder

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard out != nil else { return }
    if peerDirectory != nil || directory.directory != KeyDirectory.usualPath {
      throw ValidationError("--out says where both bundles go; leave the other folders out")
    }
  }

  func run() throws {
    let (_, configuration) = try variables.load(config)
    let known = Dictionary(configuration.connections.map { ($0.name, $0) }) { first, _ in first }
    let wanted = try connections.map { try proposal(of: $0, known[$0], configuration) }
    let local = KeyDirectory(out.map { "\($0)/local" } ?? directory.directory)
    let peer = KeyDirectory(
      out.map { "\($0)/peer" } ?? peerDirectory ?? "\(directory.directory)/peer")
    var maker = KeyMaker(local, peerDirectory: peer)
    maker.avoid(configuration)
    maker.usedSPIs.formUnion(Self.kernelSPIs)
    maker.traces = traces(in: configuration.namespace)
    let bundles: [KeyBundleFile]
    do throws(StoreProblem) { bundles = try maker.make(wanted) } catch { throw Failure(error) }
    if json { return try JSONOutput.print(BundleListJSON(bundles, in: local, peer: peer)) }
    for bundle in bundles {
      try Terminal.print(
        """
        \(BundleText.block(bundle))
          here           \(local.file(of: bundle.connection, generation: bundle.generation))
          the other end  \(peer.file(of: bundle.connection, generation: bundle.generation))
        """)
    }
  }

  private func proposal(
    of name: String, _ connection: Connection?, _ configuration: Configuration
  ) throws(Failure) -> (String, ESPProposal) {
    guard let connection else {
      let names = configuration.connections.map(\.name).prefix(8).joined(separator: ", ")
      throw Failure(
        "\(config) has no connection “\(name)”; "
          + (names.isEmpty ? "it has none" : "there are \(names)"), .invalidInput)
    }
    guard connection.keys == .generated else {
      throw Failure(
        "\(name) has keys of its own in \(config), and not generated ones", .invalidInput)
    }
    return (name, connection.proposal)
  }

  /// What is in use, as far as journals and the kernel may be asked: whoever makes keys for another
  /// host, or as somebody else than root, knows of files alone.
  private func traces(in name: String?) -> [String: KeyTrace] {
    let namespace = name.flatMap { try? NetworkNamespace(name: $0) }
    let manager = try? Manager(
      in: namespace, runFolder: runDir,
      stateFolder: directory.stateDirectory ?? Manager.usualStateFolder)
    return (try? manager?.keyTraces(of: connections)) ?? [:]
  }

  /// Those of this namespace, if it may be asked: others can be found out when keys are installed.
  private static var kernelSPIs: Set<UInt32> {
    guard var client = try? XFRMClient(), let associations = try? client.associations() else {
      return []
    }
    return Set(associations.map(\.spi.rawValue))
  }
}
