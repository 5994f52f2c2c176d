/// The journal of a namespace for whoever waits for what it says. Its folder stays open, so that it
/// is found though something else is mounted over it meanwhile.
public struct JournalWatch: ~Copyable {
  private let folder: PrivateFolder
  private let manager: Manager

  fileprivate init(_ folder: consuming PrivateFolder, _ manager: Manager) {
    self.folder = folder
    self.manager = manager
  }

  /// Another number as soon as a run has ended: whoever waits for that need not read the journal all
  /// the time. `nil` if there is none.
  public var mark: UInt64? { JournalFile.mark(in: folder) }

  /// What has to be confirmed; `nil` if nothing has, or the folder was deleted and the way back with
  /// it.
  ///
  /// - Throws: Also where the folder has no journal, which says nothing.
  public func pending() throws(ManagerFailure) -> Pending? {
    do throws(StoreProblem) {
      if let journal = try manager.journal(in: folder) {
        return journal.pending
      }
    } catch {
      throw .store(error)
    }
    guard folder.isDeleted else { throw .store(StoreProblem(folder.path, "the journal is gone")) }
    return nil
  }
}

extension Manager {
  /// Holds on to the journal; `nil` if there is none.
  public func journalWatch() throws(ManagerFailure) -> JournalWatch? {
    do throws(StoreProblem) {
      guard let folder = try journalFolder() else { return nil }
      return JournalWatch(folder, self)
    } catch {
      throw .store(error)
    }
  }
}
