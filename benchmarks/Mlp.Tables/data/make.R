# Writes churn.csv, hpc.csv and ames.csv from the R package modeldata; README.md beside this file says what is in them.
# Usage: Rscript make.R FOLDER, where FOLDER holds the package's Rdata.rdb and Rdata.rdx (site-library/modeldata/data of an unpacked package).

sets <- new.env()
invisible(lazyLoad(file.path(commandArgs(trailingOnly = TRUE), "Rdata"), sets))

pascal <- function(name) gsub("(^|_)([A-Za-z0-9])", "\\U\\2", name, perl = TRUE)
save <- function(table, path) {
  names(table) <- pascal(names(table))
  file <- file(path, "wb") # binary, so that lines end with LF on every system
  write.csv(table, file, row.names = FALSE, quote = FALSE, na = "")
  close(file)
}

# 5,000 of 7,043 customers, in their order, for a file below 600 KB.
set.seed(1)
churn <- as.data.frame(sets$wa_churn)
save(churn[sort(sample(nrow(churn), 5000)), ], "churn.csv")

# Hours such as 13.81667 are times of day: 13:49.
hpc <- as.data.frame(sets$hpc_data)
minutes <- round(hpc$hour * 60)
hpc$hour <- sprintf("%02d:%02d", minutes %/% 60, minutes %% 60)
save(hpc, "hpc.csv")

# Columns that have the same value in 90 % of the rows or more are left out; 2,500 of 2,930 houses, in their order.
ames <- as.data.frame(sets$ames)
ames <- ames[, sapply(ames, function(column) max(table(column)) < 0.9 * nrow(ames))]
set.seed(1)
ames <- ames[sort(sample(nrow(ames), 2500)), ]
# The package writes what is not there as a category or a zero; here it is an empty cell. Long names are shortened.
ames$Lot_Frontage[ames$Lot_Frontage == 0] <- NA
for (name in names(ames)[sapply(ames, is.factor)]) {
  text <- gsub("[_ ]", "", ames[[name]])
  missing <- grepl("^No(Basement|Garage|Fence)$", text) | (name == "Mas_Vnr_Type" & text == "None")
  ames[[name]] <- ifelse(missing, NA, abbreviate(text, minlength = 5))
}
ames$Longitude <- round(ames$Longitude, 4)
ames$Latitude <- round(ames$Latitude, 4)
save(ames, "ames.csv")
