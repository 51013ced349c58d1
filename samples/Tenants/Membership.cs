using Microsoft.Data.Sqlite;

namespace Tenants;

/// <summary>
/// The table of silos, by which silos and clients find each other: a SQLite file beside the stored networks, so that it outlives every silo. SQLite has one
/// process write at a time.
/// </summary>
internal static class Membership
{
    /// <summary>What Orleans knows SQLite by; the package that it loads is Microsoft.Data.Sqlite.</summary>
    public const string Invariant = "System.Data.SQLite";

    /// <summary>Opens the table of a folder's cluster, and makes it where there is none.</summary>
    /// <param name="folder">Where networks are stored.</param>
    /// <returns>What to connect with.</returns>
    public static string Open(string folder)
    {
        Directory.CreateDirectory(folder);
        string connectionString = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "membership.db") }.ToString();
        using StreamReader script = new(typeof(Membership).Assembly.GetManifestResourceStream("Membership.sql")!);
        using SqliteConnection connection = new(connectionString);
        connection.Open();
        // Silos may start at once: the second waits here until the first has made the table.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        using SqliteCommand command = new(script.ReadToEnd(), connection, transaction);
        command.ExecuteNonQuery();
        transaction.Commit();
        return connectionString;
    }
}
