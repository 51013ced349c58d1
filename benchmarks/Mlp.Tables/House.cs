namespace Mlp.Tables;

/// <summary>A house: at what price is it sold? A row of ames.csv.</summary>
internal sealed record House
{
    [Category(Capacity = 32)] public required string MSSubClass { get; init; }

    [Category(Capacity = 32)] public required string MSZoning { get; init; }

    [Numeric(Indicator = true, Bins = Variant.Bins)] public int? LotFrontage { get; init; }

    [Numeric(Bins = Variant.Bins)] public int LotArea { get; init; }

    [Category(Capacity = 32)] public required string LotShape { get; init; }

    [Category(Capacity = 32)] public required string LandContour { get; init; }

    [Category(Capacity = 32)] public required string LotConfig { get; init; }

    [Category(Capacity = 32)] public required string Neighborhood { get; init; }

    [Category(Capacity = 32)] public required string Condition1 { get; init; }

    [Category(Capacity = 32)] public required string BldgType { get; init; }

    [Category(Capacity = 32)] public required string HouseStyle { get; init; }

    [Category(Capacity = 32)] public required string OverallCond { get; init; }

    [Numeric(Bins = Variant.Bins)] public int YearBuilt { get; init; }

    [Numeric(Bins = Variant.Bins)] public int YearRemodAdd { get; init; }

    [Category(Capacity = 32)] public required string RoofStyle { get; init; }

    [Category(Capacity = 32)] public required string Exterior1st { get; init; }

    [Category(Capacity = 32)] public required string Exterior2nd { get; init; }

    [Category(Capacity = 32)] public string? MasVnrType { get; init; }

    [Numeric(Bins = Variant.Bins)] public int MasVnrArea { get; init; }

    [Category(Capacity = 32)] public required string ExterCond { get; init; }

    [Category(Capacity = 32)] public required string Foundation { get; init; }

    [Category(Capacity = 32)] public string? BsmtCond { get; init; }

    [Category(Capacity = 32)] public string? BsmtExposure { get; init; }

    [Category(Capacity = 32)] public string? BsmtFinType1 { get; init; }

    [Numeric] public int BsmtFinSF1 { get; init; }

    [Category(Capacity = 32)] public string? BsmtFinType2 { get; init; }

    [Numeric(Bins = Variant.Bins)] public int BsmtFinSF2 { get; init; }

    [Numeric(Bins = Variant.Bins)] public int BsmtUnfSF { get; init; }

    [Numeric(Bins = Variant.Bins)] public int TotalBsmtSF { get; init; }

    [Category(Capacity = 32)] public required string HeatingQC { get; init; }

    [Numeric(Bins = Variant.Bins)] public int FirstFlrSF { get; init; }

    [Numeric(Bins = Variant.Bins)] public int SecondFlrSF { get; init; }

    [Numeric(Bins = Variant.Bins)] public int GrLivArea { get; init; }

    [Numeric] public int BsmtFullBath { get; init; }

    [Numeric] public int FullBath { get; init; }

    [Numeric] public int HalfBath { get; init; }

    [Numeric] public int BedroomAbvGr { get; init; }

    [Numeric] public int TotRmsAbvGrd { get; init; }

    [Numeric] public int Fireplaces { get; init; }

    [Category(Capacity = 32)] public string? GarageType { get; init; }

    [Category(Capacity = 32)] public string? GarageFinish { get; init; }

    [Numeric] public int GarageCars { get; init; }

    [Numeric(Bins = Variant.Bins)] public int GarageArea { get; init; }

    [Numeric(Bins = Variant.Bins)] public int WoodDeckSF { get; init; }

    [Numeric(Bins = Variant.Bins)] public int OpenPorchSF { get; init; }

    [Numeric(Bins = Variant.Bins)] public int EnclosedPorch { get; init; }

    [Category(Capacity = 32)] public string? Fence { get; init; }

    [Numeric] public int MoSold { get; init; }

    [Numeric] public int YearSold { get; init; }

    [Category(Capacity = 32)] public required string SaleType { get; init; }

    [Category(Capacity = 32)] public required string SaleCondition { get; init; }

    [Target] public int SalePrice { get; init; }

    [Numeric(Bins = Variant.Bins)] public double Longitude { get; init; }

    [Numeric(Bins = Variant.Bins)] public double Latitude { get; init; }
}
