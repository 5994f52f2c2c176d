public import XFRMKit

/// Every key that was ever installed where a fresh one is needed
/// (``AssociationEntry/needsFreshKey``): some algorithms are as good as broken when two SAs encrypt
/// with the same key, or one that starts counting anew (RFC 4106, RFC 8221), and to the other end all
/// packets of one that does are replayed ones.
///
/// A key is in the ledger, and that on disk, before the kernel has it. From then on it is refused,
/// whatever wants it: another connection, another algorithm, another run of the kernel. A key is
/// the cipher's alone; no salt and no hash beside it makes it another. There are two exceptions:
///
/// - The other end of an SA, which two namespaces of one host may be.
/// - The same SA in the same run of the kernel, if it carried no packet before. That is so if it was
///   never noted to be installed (``noteInstalled()``), which is done before any policy leads
///   packets to it, and if the kernel does not have it now. Only who says what the kernel has is
///   granted this.
///
/// A key that stays the same (``KeyReference/isStatic``) is written down and refused to nobody, as it
/// came by a waiver: no exception is needed for it, and none is made.
public struct Ledger: ~Copyable {
  static let fileName = "ledger"

  var file: LedgerFile
  var contents: LedgerContents
  let run: KernelRun
  let fingerprint: KeyFingerprint
  /// Whether the caller says what the kernel has, and notes what was installed.
  private var isTold = false
  /// Admitted before this ledger was opened, and in the kernel neither then nor before.
  private(set) var neverInstalled: Set<Int> = []
  /// Admitted since, and not noted to be installed.
  private var admitted: [Int] = []

  /// Opens a ledger, and makes one where there is none.
  ///
  /// - Parameters:
  ///   - directory: Where it is.
  ///   - run: What SAs are installed in.
  ///   - present: The SAs that the kernel has there now; `nil` to grant no exception to those that
  ///     it has not. Whoever gives them has to call ``noteInstalled()``.
  public static func open(
    in directory: String = "/var/lib/xfrmctl", for run: KernelRun,
    present: [SecurityAssociation]? = nil
  ) throws(StoreProblem) -> Ledger {
    let folder = try PrivateFolder(directory)
    let secret = try HostSecret.find(in: folder)
    var ledger = Ledger(try LedgerFile(in: folder), run, secret.fingerprint)
    try ledger.begin(in: folder, with: secret)
    try ledger.settle(present)
    return ledger
  }

  private init(_ file: consuming LedgerFile, _ run: KernelRun, _ fingerprint: KeyFingerprint) {
    self.file = file
    self.run = run
    self.fingerprint = fingerprint
    contents = LedgerContents(run)
  }

  /// Finds out which SAs may be added again.
  private mutating func settle(_ present: [SecurityAssociation]?) throws(StoreProblem) {
    guard let present else { return }
    isTold = true
    let spis = Set(present.map(\.spi))
    for (number, use) in contents.open {
      if spis.contains(use.spi) { admitted.append(number) } else { neverInstalled.insert(number) }
    }
    try noteInstalled()
  }

  /// A ledger to look at: nothing is written, and nobody is waited for.
  ///
  /// - Parameters:
  ///   - directory: Where it is.
  ///   - run: What SAs are to be installed in.
  ///   - present: The SAs that the kernel has there now.
  /// - Returns: `nil` if there is none, so that no key was ever used.
  static func look(
    in directory: String, for run: KernelRun, present: [SecurityAssociation]
  ) throws(StoreProblem) -> Ledger? {
    guard let folder = try PrivateFolder.existing(directory),
      let file = try LedgerFile(existingIn: folder)
    else { return nil }
    guard let secret = try HostSecret.existing(in: directory) else {
      throw HostSecret.missing(for: file.path)
    }
    var ledger = Ledger(file, run, secret.fingerprint)
    try ledger.read(with: secret)
    let spis = Set(present.map(\.spi))
    ledger.neverInstalled = Set(
      ledger.contents.open.filter { !spis.contains($0.value.spi) }.map(\.key))
    return ledger
  }

  /// Makes sure that keys may be used which are going to be. Nothing is written.
  ///
  /// - Parameter keys: SAs and their key material.
  /// - Throws: If some were used before; with when and what for.
  func check(_ keys: [(entry: AssociationEntry, key: Secret)]) throws(KeyProblem) {
    if let refusal = refusal(try judge(keys).refused) { throw refusal }
  }

  /// Makes sure, as far as the file system tells, that so many keys more will find room.
  ///
  /// - Parameter keys: How many are going to be admitted.
  public func reserve(keys: Int) throws(StoreProblem) { try file.reserve(keys * 512) }

  /// Stands for a key on this host, ever: to see whether a connection has another by now.
  public func fingerprint(of key: Secret) -> String { fingerprint.of(key) }

  /// Takes note of a key that is about to be installed.
  ///
  /// - Parameters:
  ///   - entry: The SA that gets it.
  ///   - key: Its key material.
  /// - Throws: If it was used before; with when and what for.
  public mutating func admit(_ entry: AssociationEntry, _ key: Secret) throws(KeyProblem) {
    try admit([(entry, key)])
  }

  /// Takes note of keys that are about to be installed: of all, or of none.
  ///
  /// - Parameter keys: SAs and their key material.
  /// - Throws: If one was used before; with when and what for.
  public mutating func admit(
    _ keys: [(entry: AssociationEntry, key: Secret)]
  ) throws(KeyProblem) {
    do throws(StoreProblem) { try lock() } catch { throw KeyProblem(error) }
    defer { file.unlock() }
    let judgement = try judge(keys)
    if let refusal = refusal(judgement.refused) { throw refusal }
    let (uses, again) = (judgement.fresh, judgement.again)
    do throws(StoreProblem) {
      let numbers = Array(contents.count..<contents.count + uses.count)
      // Nobody will say so later.
      let installed: [LedgerRecord] = isTold || uses.isEmpty ? [] : [.installed(numbers)]
      try append(uses.map { .used($0) } + installed)
      if isTold { admitted += numbers + again }
    } catch {
      throw KeyProblem(error)
    }
    neverInstalled.subtract(again)
  }

  /// Takes note that the kernel has the SAs whose keys were admitted. To be called before anything
  /// leads packets to them.
  public mutating func noteInstalled() throws(StoreProblem) {
    guard !admitted.isEmpty else { return }
    try lock()
    defer { file.unlock() }
    let numbers = admitted.sorted()
    try append(
      stride(from: 0, to: numbers.count, by: 256).map {
        .installed(Array(numbers[$0..<min($0 + 256, numbers.count)]))
      })
    admitted = []
  }
}
