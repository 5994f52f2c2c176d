internal import XFRMKit

/// The configuration that a namespace has, or that an unfinished run is to be led to.
public struct InForce: Sendable {
  /// Its ID in the history.
  public var id: String
  /// `nil` if the history has it no more: somebody has lost that, or put back an older one. What is
  /// ours in the kernel is known all the same.
  public var configuration: RecordedConfiguration?
  /// Which generations of keys connections have. Where the configuration is not known its SAs tell.
  ///
  /// A generation of which the kernel has lost an SA counts no more: its keys were used, so that
  /// none of them is ever installed again. A rotation that is under way counts in any case.
  public var keys: [String: KeyGenerations]
}

extension Manager {
  /// The configuration in force; `nil` if none is.
  public func inForce() throws(ManagerFailure) -> InForce? {
    let journal = try look()
    // Guards that the history lacks have no ID.
    guard let id = journal.inForce, !id.isEmpty else { return nil }
    let configuration: RecordedConfiguration?
    do throws(StoreProblem) { configuration = try history.entry(id)?.configuration } catch {
      throw .store(error)
    }
    var inForce = InForce(id: id, configuration: configuration, keys: [:])
    if let configuration, configuration.keys.isEmpty { return inForce }
    var client = try client()
    let snapshot: KernelSnapshot
    do throws(XFRMError) { snapshot = try client.snapshot() } catch { throw .kernel(error) }
    let inventory = Inventory(snapshot, journal.holdings)
    inForce.keys = inventory.present(
      configuration?.keys ?? inventory.generations(journal.holdings), journal.holdings)
    return inForce
  }

  /// The generations of a connection's keys that configurations of any network namespace have: one in
  /// force, one that is to be confirmed, and the one that such a one goes back to. Where a history has
  /// such a one no more it is all that the journal tells of.
  ///
  /// - Parameter connection: Its name.
  public func generationsInUse(
    of connection: String
  ) throws(ManagerFailure) -> Set<UInt32> {
    var found: Set<UInt32> = []
    do throws(StoreProblem) {
      for (inode, journal) in try journals() {
        let history = History(in: stateFolder, of: NamespaceName.of(inode))
        for id in journal.configurations {
          guard let configuration = try history.entry(id)?.configuration else {
            found.formUnion(journal.holdings.generations(of: connection))
            continue
          }
          guard let use = configuration.keys[connection] else { continue }
          found.insert(use.current)
          if let other = use.other { found.insert(other) }
        }
      }
    } catch {
      throw .store(error)
    }
    return found
  }

  /// What is known of the keys of connections, whatever has become of their files: by the journals of
  /// all network namespaces, and by the SAs of this one.
  ///
  /// - Parameter connections: Their names.
  public func keyTraces(
    of connections: [String]
  ) throws(ManagerFailure) -> [String: KeyTrace] {
    let holdings = try look().holdings
    var client = try client()
    let snapshot: KernelSnapshot
    do throws(XFRMError) { snapshot = try client.snapshot() } catch { throw .kernel(error) }
    let present = Inventory(snapshot, holdings).associations
    let journals: [(inode: UInt64, journal: Journal)]
    do throws(StoreProblem) { journals = try self.journals() } catch { throw .store(error) }
    var traces: [String: KeyTrace] = [:]
    for connection in connections {
      var generations: Set<UInt32> = []
      for (_, journal) in journals {
        generations.formUnion(journal.holdings.generations(of: connection))
      }
      // What is under way need not have put anything there yet. A history that cannot be read says
      // nothing, and has no part in making keys.
      generations.formUnion((try? generationsInUse(of: connection)) ?? [])
      guard let newest = generations.max() else { continue }
      let ours = present.filter { tag, _ in
        holdings.associations[tag].map { $0.name.entry == connection && $0.name.generation != nil }
          ?? false
      }
      traces[connection] = KeyTrace(
        generation: newest, requestID: ours.values.map(\.requestID).first { $0 != 0 })
    }
    return traces
  }

  /// Those of this run of the kernel, with the inodes of their network namespaces.
  private func journals() throws(StoreProblem) -> [(inode: UInt64, journal: Journal)] {
    guard let folder = try PrivateFolder.existing(runFolder)?.existingFolder(boot) else {
      return []
    }
    var found: [(inode: UInt64, journal: Journal)] = []
    for name in try folder.names() {
      guard let inode = UInt64(name), let place = try folder.existingFolder(name),
        let journal = try JournalFile.look(into: place, boot: boot, namespace: inode)
      else { continue }
      found.append((inode, journal))
    }
    return found
  }

  /// The SPIs that the kernel has there, whosever.
  public func usedSPIs() throws(ManagerFailure) -> Set<UInt32> {
    var client = try client()
    do throws(XFRMError) { return Set(try client.associations().map(\.spi.rawValue)) } catch {
      throw .kernel(error)
    }
  }

  /// Gives SAs what stands for their keys: those that are to be added, and those whose key may be
  /// another by now.
  ///
  /// - Parameters:
  ///   - desired: Where they are.
  ///   - holdings: What is there already.
  ///   - keys: Fetches a key.
  func fingerprinted(
    _ desired: DesiredState, _ holdings: Holdings, _ keys: Keys
  ) -> DesiredState {
    let held = Set(holdings.associations.values.map { AssociationKey($0.id) })
    let places = desired.associations.indices.filter { index in
      let entry = desired.associations[index]
      guard let key = entry.key else { return false }
      return key.isStatic || !held.contains(AssociationKey(entry.association.id))
    }
    // Looking makes no ledger, and whoever cannot read that one sees plans without marks of keys.
    guard !places.isEmpty,
      let fingerprint = (try? HostSecret.existing(in: stateFolder))?.fingerprint
    else { return desired }
    var desired = desired
    for place in places {
      // What is wrong with a key is said when it is needed, as it may be there by then.
      guard let key = try? keys(desired.associations[place]) else { continue }
      desired.associations[place].keyFingerprint = fingerprint.of(key)
    }
    return desired
  }
}
