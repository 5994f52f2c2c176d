import Glibc
import TestSupport
import Testing
import XFRMConfig
import XFRMKit

/// Keys of files, of the environment and of bundles, through every command: none is anywhere but where
/// it was put.
@Suite("Secrets", .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct SecretTests {
  private let tool: PrivateTool
  private let folder: TemporaryFolder
  private let canaries: [Canary]

  /// What each command is given besides a key, a file with a key and an option that is a key. `KEY` is a
  /// key, `CONFIG` each of the configurations, `FOLDERS` where this test keeps state.
  private static let lines: [String: [String]] = [
    "check": [], "check report": [], "state": [], "policy": [], "lab": [], "lab demo": [],
    "state list": ["state list --json"], "state get": [], "state count": [],
    "state add": [
      "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 enc cbc(aes) @SHORT",
      "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 257 enc cbc(aes) env:CANARY0 --explain",
      "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 257 enc cbc(aes) @OPEN",
    ],
    "state update": [], "state replace": [], "state allocspi": [], "state delete": [],
    "state deleteall": [], "state flush": [], "state migrate": [], "state ae": [],
    "policy list": [], "policy get": [], "policy count": [], "policy add": [], "policy update": [],
    "policy delete": [], "policy deleteall": [], "policy flush": [], "policy set": [],
    "policy setdefault": [], "policy getdefault": [],
    "monitor": [], "batch": [],
    "config": [], "config schema": [], "config example": [],
    "config check": ["config check CONFIG", "config check CONFIG --host KEY --set KEY=1"],
    // It prints what is in a file, whatever that is.
    "config format": ["config format GOOD"],
    "config show": ["config show CONFIG", "config show CONFIG --expanded --json"],
    "keys": [],
    "keys new": ["keys new generated --config CONFIG --directory STATE/keys --json"],
    "keys list": ["keys list --directory STATE/keys", "keys list --json --directory STATE/keys"],
    "keys show": ["keys show generated --directory STATE/keys --json"],
    "keys delete": ["keys delete generated KEY --directory STATE/keys"],
    "plan": [
      "plan CONFIG FOLDERS", "plan CONFIG --out STATE/plan FOLDERS", "plan CONFIG --json FOLDERS",
    ],
    "apply": ["apply CONFIG FOLDERS", "apply CONFIG --json FOLDERS", "apply STATE/plan FOLDERS"],
    "confirm": ["confirm FOLDERS", "confirm KEY FOLDERS"],
    "rollback": ["rollback FOLDERS", "rollback KEY FOLDERS"],
    "rotate": ["rotate --config CONFIG FOLDERS", "rotate generated KEY --json FOLDERS"],
    "guard": ["guard --deadline 1 FOLDERS"],
    "recover": ["recover FOLDERS"],
    "export": ["export", "export --to ietf-ikeless CONFIG", "export --keys-to STATE/keys/out"],
    "import": ["import --from ietf-ikeless CONFIG", "import --from ip-xfrm CONFIG"],
    "statistics": ["statistics --json", "statistics --netns KEY"],
    "doctor": [
      "doctor --interval 0", "doctor --interval 0 --json",
      "doctor --interval 0 --peer-netns KEY",
    ],
    "explain": [], "explain packet": ["explain packet 192.0.2.1 192.0.2.2 --json"],
    "lab up": ["lab up CONFIG"], "lab down": ["lab down KEY"],
    "lab list": ["lab list", "lab list --json"], "lab exec": ["lab exec KEY -- true"],
    "lab graph": ["lab graph CONFIG", "lab graph CONFIG --svg", "lab graph site-to-site"],
    // Without a value that is wrong it would measure for a while.
    "bench": ["bench --proposal KEY", "bench --size KEY --svg STATE/KEY.svg"],
    "status": ["status FOLDERS", "status --json FOLDERS"],
    "drift": ["drift FOLDERS", "drift --json FOLDERS", "drift CONFIG FOLDERS"],
    "history": ["history FOLDERS", "history --json FOLDERS", "history KEY FOLDERS"],
    // Of an SA it shows what ip does, keys included.
    "ip": ["ip xfrm policy list"],
  ]

  init() async throws {
    tool = try PrivateTool()
    folder = try TemporaryFolder()
    var made = (0..<2).map { number in
      Canary((0..<64).map { UInt8(truncatingIfNeeded: 0xa7 &+ $0 &* 29 &+ number &* 113) })
    }
    for (number, canary) in made.enumerated() {
      try folder.write(Array(canary.hexadecimal.utf8), to: "key\(number)")
      try folder.write(Array(canary.hexadecimal.utf8.dropLast(2)), to: "short\(number)")
      try folder.write(Array(canary.hexadecimal.utf8), to: "open\(number)")
      #expect(unsafe chmod(folder.file("open\(number)"), 0o644) == 0)
    }
    let place = folder.path
    let texts: [(String, (Int) -> String)] = [
      ("good", { "file:\(place)/key\($0)" }), ("environment", { "env:CANARY\($0)" }),
      ("short", { "file:\(place)/short\($0)" }), ("open", { "file:\(place)/open\($0)" }),
      ("hexadecimal", { "0x\(made[$0].hexadecimal)" }), ("base64", { made[$0].base64 }),
    ]
    for (name, key) in texts {
      let text = Self.configuration(
        "keys: {in: {spi: 0x1001, key: \"\(key(0))\"}, out: {spi: 0x1002, key: \"\(key(1))\"}}")
      try folder.write(Array(text.utf8), to: "\(name).yaml")
    }
    try folder.write(Array(Self.configuration("keys: generated").utf8), to: "generated.yaml")
    let keys = "--directory \(place)/state/keys"
    try await tool.run("keys new generated --config \(place)/generated.yaml \(keys)")
    let bundle = try KeyDirectory("\(place)/state/keys").bundle(of: "generated", generation: 1)
    for half in [bundle.incoming, bundle.outgoing] {
      made.append(Canary(half.key.withBytes { key in key.indices.map { key[$0] } }))
    }
    canaries = made
  }

  private static func configuration(_ keys: String) -> String {
    """
    connections:
      - name: generated
        kind: host-to-host
        local: {address: 192.0.2.1}
        remote: {address: 198.51.100.2}
        proposal: aes256-sha256
        \(keys)

    """
  }

  private static let configurations = [
    "good", "environment", "generated", "short", "open", "hexadecimal", "base64", "key0",
  ]

  /// A line for each configuration that it is about.
  private func lines(_ line: String) -> [String] {
    let whole = line.replacing("KEY", with: canaries[0].hexadecimal)
      .replacing("SHORT", with: folder.file("short0")).replacing("OPEN", with: folder.file("open0"))
      .replacing("GOOD", with: folder.file("good.yaml"))
      .replacing("FOLDERS", with: "--run-dir \(folder.path)/run --state-dir STATE")
      .replacing("STATE", with: folder.file("state"))
    guard whole.contains("CONFIG") else { return [whole] }
    return Self.configurations.map {
      whole.replacing("CONFIG", with: folder.file($0 == "key0" ? $0 : "\($0).yaml"))
    }
  }

  /// Where a key is though it should not be.
  private func finding(_ text: [UInt8]) -> String? {
    canaries.enumerated().lazy.compactMap { number, canary in
      canary.form(in: text).map { "key \(number), \($0)" }
    }.first
  }

  /// Files that have a key, but for those that are to have one.
  private func filesWithKeys() -> [String] {
    folder.names.filter { name in
      guard name.hasPrefix("run/") || name.hasPrefix("state/"), !name.hasPrefix("state/keys"),
        let bytes = try? folder.bytes(name)
      else { return false }
      return finding(bytes) != nil
    }
  }

  @Test("are in no output, no message and no file of any command")
  func commands() async throws {
    #expect(Set(Self.lines.keys) == Set(CommandTree.commands), "a command has no case here")
    let environment = Dictionary(
      uniqueKeysWithValues: canaries.enumerated().map { ("CANARY\($0)", $1.hexadecimal) })
    var count = 0
    for command in CommandTree.commands {
      var words = ["KEY"]
      // An option that is none is repeated, as ip does.
      if command != "ip" { words.append("--KEY") }
      if command != "config format" { words.append(folder.file("key0")) }
      let always = words.map { "\(command) \($0)" }
      let stated = Self.lines[command] ?? []
      for line in (["\(command) --help"] + always + stated).flatMap({ lines($0) }) {
        let outcome = try await tool.run(line, environment: environment)
        let said = Array((outcome.output + outcome.complaint).utf8)
        #expect(finding(said) == nil, "\(line): \(outcome.output)\(outcome.complaint)")
        count += said.isEmpty ? 0 : 1
      }
    }
    #expect(count > 150)
    #expect(filesWithKeys() == [])
    // There is something to be searched.
    for part in ["/journal", "state/history", "state/plan", "state/ledger"] {
      #expect(folder.names.contains { $0.contains(part) }, "\(part)")
    }
  }

  @Test("and would be found there, whatever form they had")
  func control() throws {
    let bytes = canaries[1].bytes
    let forms: [[UInt8]] = [
      bytes, bytes.reversed(), Array(canaries[1].hexadecimal.utf8),
      Array(canaries[1].hexadecimal.uppercased().utf8), Array(canaries[1].base64.utf8),
      Array(Canary(bytes.reversed()).hexadecimal.utf8), Array(Canary([1] + bytes).base64.utf8),
      Array(Canary([1, 2] + bytes).base64.utf8),
    ]
    for form in forms {
      #expect(finding(Array("before ".utf8) + form + Array(" behind".utf8)) != nil)
    }
    #expect(finding(Array(repeating: 0x61, count: 4096)) == nil)
    for (number, canary) in canaries.enumerated() {
      let name = [
        "key0", "key1", "state/keys/generated.1.keys", "state/keys/peer/generated.1.keys",
      ]
      #expect(canary.form(in: try folder.bytes(name[number])) == "hexadecimal")
    }
    for name in ["run", "state", "state/history"] {
      _ = unsafe mkdir(folder.file(name), 0o700)
      try folder.write(forms[4], to: "\(name)/planted")
    }
    #expect(
      filesWithKeys().filter { $0.hasSuffix("planted") } == [
        "run/planted", "state/history/planted", "state/planted",
      ])
  }

  @Test("go into no core, for a program that takes cores either")
  func cores() async throws {
    let outcome = try await Shell.run(
      """
      unshare --net "$XFRMCTL" monitor & process=$!
      tries=0
      until [ "$(cat /proc/$process/coredump_filter)" = 00000000 ] || [ $tries -gt 100 ]; do
        tries=$((tries + 1))
        sleep 0.05
      done
      cat /proc/self/coredump_filter /proc/$process/coredump_filter
      grep 'core file' /proc/$process/limits
      kill $process
      """)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 3, "\(outcome.complaint)")
    #expect(lines.first != "00000000" && lines.dropFirst().first == "00000000")
    // What holds; the upper limit is for what `lab exec` runs to have.
    #expect(lines.last?.split(separator: " ").dropFirst(4).first == "0")
  }
}
