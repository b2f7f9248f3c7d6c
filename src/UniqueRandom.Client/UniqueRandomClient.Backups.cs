using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

public sealed partial class UniqueRandomClient
{
    /// <summary>Starts a backup of the server's SQLite database, or joins the one that is running.</summary>
    /// <param name="cancellationToken">A token to cancel the operation. The backup may run then.</param>
    /// <returns>The backup. Call <see cref="GetBackupAsync"/> until it is not running any more.</returns>
    /// <exception cref="UniqueRandomException">
    /// The request was refused, for example with <see cref="ProblemTypes.BackupNotConfigured"/>.
    /// </exception>
    public Task<BackupStatus> StartBackupAsync(CancellationToken cancellationToken = default) =>
        SendAsync(NewRequest(HttpMethod.Post, "backup"), ClientJson.Default.BackupStatus, cancellationToken);

    /// <summary>Gets the last backup.</summary>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The backup.</returns>
    /// <exception cref="UniqueRandomException">The request was refused.</exception>
    public Task<BackupStatus> GetBackupAsync(CancellationToken cancellationToken = default) =>
        GetAsync("backup", ClientJson.Default.BackupStatus, cancellationToken);

    /// <summary>Starts a check of everything that the server has stored, or joins the one that is running.</summary>
    /// <param name="cancellationToken">A token to cancel the operation. The check may run then.</param>
    /// <returns>The check. Call <see cref="GetCheckAsync"/> until it is not running any more.</returns>
    /// <exception cref="UniqueRandomException">The request was refused.</exception>
    public Task<CheckStatus> StartCheckAsync(CancellationToken cancellationToken = default) =>
        SendAsync(NewRequest(HttpMethod.Post, "check"), ClientJson.Default.CheckStatus, cancellationToken);

    /// <summary>Gets the last check.</summary>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The check.</returns>
    /// <exception cref="UniqueRandomException">The request was refused.</exception>
    public Task<CheckStatus> GetCheckAsync(CancellationToken cancellationToken = default) =>
        GetAsync("check", ClientJson.Default.CheckStatus, cancellationToken);
}
