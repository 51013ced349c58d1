namespace Mlp.Tables;

/// <summary>A day at a station: how many thousand enter? A row of ridership.csv.</summary>
internal sealed record Day
{
    [Time(Cycles.DayOfWeek | Cycles.DayOfYear, Column = "date")] public DateOnly Date { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "temp_min")] public double TempMin { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "temp")] public double Temp { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "temp_max")] public double TempMax { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "dew")] public double Dew { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "humidity")] public double Humidity { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "pressure")] public double Pressure { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "pressure_change")] public double PressureChange { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "wind")] public double Wind { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "wind_max")] public double WindMax { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "gust")] public double Gust { get; init; }

    [Numeric(Column = "percip")] public double Percip { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "percip_max")] public double PercipMax { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "weather_rain")] public double WeatherRain { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "weather_snow")] public double WeatherSnow { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "weather_cloud")] public double WeatherCloud { get; init; }

    [Numeric(Bins = Variant.Bins, Column = "weather_storm")] public double WeatherStorm { get; init; }

    [Numeric(Column = "Blackhawks_Away")] public int BlackhawksAway { get; init; }

    [Numeric(Column = "Blackhawks_Home")] public int BlackhawksHome { get; init; }

    [Numeric(Column = "Bulls_Away")] public int BullsAway { get; init; }

    [Numeric(Column = "Bulls_Home")] public int BullsHome { get; init; }

    [Numeric(Column = "Bears_Away")] public int BearsAway { get; init; }

    [Numeric(Column = "Bears_Home")] public int BearsHome { get; init; }

    [Numeric(Column = "WhiteSox_Away")] public int WhiteSoxAway { get; init; }

    [Numeric(Column = "WhiteSox_Home")] public int WhiteSoxHome { get; init; }

    [Numeric(Column = "Cubs_Away")] public int CubsAway { get; init; }

    [Numeric(Column = "Cubs_Home")] public int CubsHome { get; init; }

    [Target(Column = "ridership")] public double Entries { get; init; }
}
