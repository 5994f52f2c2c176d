import FoundationEssentials
import TestSupport
import Testing

/// libreswan's daemon in the namespace of a test, with one connection, `c`.
final class Pluto: Sendable {
  /// Where it was unpacked; `nil` if it was not.
  static let tree = UnpackedPrograms.tree("XFRMCTL_LIBRESWAN")

  static let isNeeded = ConditionTrait.enabled(
    if: tree != nil, "needs libreswan, which `IntegrationTests/beds/ike libreswan` fetches")

  private let folder: TemporaryFolder
  private let process: DaemonProcess

  /// Starts it.
  ///
  /// - Parameters:
  ///   - tool: Of the namespace that it is to be in.
  ///   - local: This end.
  ///   - remote: The other end.
  ///   - options: More that ipsec.conf says of the connection, a setting a line.
  init(in tool: PrivateTool, local: IKEEnd, remote: IKEEnd, options: String = "") async throws {
    let programs = try UnpackedPrograms(Self.tree, in: tool)
    folder = try TemporaryFolder()
    // Without its script, which would set up routes and links: the lab has them.
    let text = """
      config setup
      conn c
        left=\(local.address)
        leftid=@\(local.name)
        leftsubnet=\(local.network)
        right=\(remote.address)
        rightid=@\(remote.name)
        rightsubnet=\(remote.network)
        leftupdown=%disabled
        authby=secret
        ikev2=insist
        auto=add
        \(options.replacing("\n", with: "\n  "))

      """
    try folder.write(Array(text.utf8), to: "ipsec.conf")
    let secret = #": PSK "of this test alone, and as long as any""# + "\n"
    try folder.write(Array(secret.utf8), to: "ipsec.secrets")
    try FileManager.default.createDirectory(
      atPath: folder.file("run"), withIntermediateDirectories: false)
    try await programs.output(
      ["certutil", "-N", "-d", "sql:\(folder.path)", "--empty-password"])
    process = try await programs.start(
      [
        "/usr/libexec/ipsec/pluto", "--nofork", "--config", folder.file("ipsec.conf"),
        "--ipsecdir", folder.path, "--nssdir", folder.path, "--rundir", folder.file("run"),
        "--secretsfile", folder.file("ipsec.secrets"), "--logfile", folder.file("log"),
      ], output: folder.file("output"))
    // The last that it does by itself.
    try await process.wait(
      until: "grep -q 'loading secrets' \(folder.file("log")) 2>/dev/null")
  }

  /// Sets up the tunnel.
  func initiate() async throws { try await control("--initiate", "--name", "c") }

  /// Has other SAs take the place of the tunnel's.
  func rekey() async throws { try await control("--rekey-ipsec", "--name", "c") }

  /// Ends everything with the other end.
  func terminate() async throws { try await control("--terminate", "--name", "c") }

  /// What it says of its SAs.
  func states() async throws -> String { try await control("--showstates") }

  /// What it says of the packets that went through them.
  func traffic() async throws -> String { try await control("--trafficstatus") }

  /// What it wrote down.
  func log() throws -> [Substring] {
    String(decoding: try folder.bytes("log"), as: UTF8.self).split(separator: "\n")
  }

  @discardableResult
  private func control(_ words: String...) async throws -> String {
    try await process.output(["/usr/libexec/ipsec/whack", "--rundir", folder.file("run")] + words)
  }
}
